package io.github.cacheinvalidation.internal.key;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The shape of maps of any size. Each key, and each value, has one of several shapes. */
record MapShape(AnyOfShape keys, AnyOfShape values) implements Shape {

  /** Returns a map of these keys, each followed by its value. */
  static Map<@Nullable Object, @Nullable Object> create(@Nullable Object[] parts) {
    Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>(parts.length);
    for (int i = 0; i < parts.length; i += 2) {
      map.put(parts[i], parts[i + 1]);
    }
    return Collections.unmodifiableMap(map);
  }

  @Override
  public boolean covers(Object key) {
    if (CompoundForm.of(key) != CompoundForm.MAP) {
      return false;
    }
    for (Map.Entry<?, ?> each : ((Map<?, ?>) key).entrySet()) {
      if (!keys.coversPart(each.getKey()) || !values.coversPart(each.getValue())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Object build(WireKey key, boolean open) {
    if (!(key instanceof WireValue.Compound compound) || compound.form() != CompoundForm.MAP) {
      return NO_KEY;
    }
    return compound.parts().size() > 2 * CompoundForm.MOST_ELEMENTS
        ? UNBUILDABLE
        : KeyParts.build(List.of(keys, values), compound.parts(), open, MapShape::create);
  }

  @Override
  public void forEachName(Consumer<NamedType> action) {
    keys.forEachName(action);
    values.forEachName(action);
  }

  @Override
  public @Nullable Shape merge(Shape other) {
    if (!(other instanceof MapShape map)) {
      return null;
    }
    AnyOfShape mergedKeys = keys.merge(map.keys);
    AnyOfShape mergedValues = values.merge(map.values);
    return mergedKeys == null || mergedValues == null
        ? null
        : new MapShape(mergedKeys, mergedValues);
  }

  @Override
  public boolean isAnotherWidthOf(Shape other) {
    return other instanceof MapShape map
        && (keys.isAnotherWidthOf(map.keys) || values.isAnotherWidthOf(map.values));
  }

  @Override
  public boolean saidByClass() {
    return false;
  }
}
