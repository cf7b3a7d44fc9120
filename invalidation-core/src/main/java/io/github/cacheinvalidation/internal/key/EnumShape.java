package io.github.cacheinvalidation.internal.key;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The shape of the constants of one enum. */
record EnumShape(Class<?> type, Map<String, Object> constants) implements Shape {

  static final String KIND = "enum";

  static EnumShape of(Class<?> type) {
    Map<String, Object> constants = new HashMap<>();
    for (Object constant : type.getEnumConstants()) {
      constants.put(((Enum<?>) constant).name(), constant);
    }
    return new EnumShape(type, constants);
  }

  @Override
  public boolean covers(Object key) {
    return key instanceof Enum<?> constant && constant.getDeclaringClass() == type;
  }

  @Override
  public @Nullable Object build(WireKey key, boolean open) {
    if (key instanceof WireValue.EnumConstant constant) {
      return constant.className().equals(type.getName())
          ? constants.getOrDefault(constant.constant(), UNBUILDABLE)
          : NO_KEY;
    }
    if (open && key instanceof WireValue.Text text) {
      return constants.getOrDefault(text.value(), NO_KEY);
    }
    return NO_KEY;
  }

  @Override
  public void forEachName(Consumer<NamedType> action) {
    action.accept(new NamedType(KIND, type.getName()));
  }

  @Override
  public boolean saidByClass() {
    return true;
  }
}
