package io.github.cacheinvalidation.internal.key;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the components of the records of one class, and creates such records. */
final class RecordLayout extends Layout {

  static final String KIND = "record";

  private static final ClassValue<Optional<RecordLayout>> LAYOUTS =
      new ClassValue<>() {
        @Override
        protected Optional<RecordLayout> computeValue(Class<?> type) {
          return open(type);
        }
      };

  private final Method[] accessors;
  private final Constructor<?> constructor;

  private RecordLayout(Class<?> type, Method[] accessors, Constructor<?> constructor) {
    super(
        KIND,
        type,
        Arrays.stream(type.getRecordComponents())
            .map(
                each ->
                    new Component(
                        each.getName(), each.getType(), each.getGenericType().getTypeName()))
            .toList());
    this.accessors = accessors;
    this.constructor = constructor;
  }

  /** Returns the layout of a record class, or null if its module forbids reflective access. */
  static @Nullable RecordLayout of(Class<?> type) {
    return LAYOUTS.get(type).orElse(null);
  }

  private static Optional<RecordLayout> open(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Method[] accessors = new Method[components.length];
    try {
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        accessors[i] = components[i].getAccessor();
        accessors[i].setAccessible(true);
      }
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return Optional.of(new RecordLayout(type, accessors, constructor));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return Optional.empty();
    }
  }

  @Override
  @Nullable Object component(Object key, int index) throws ReflectiveOperationException {
    return accessors[index].invoke(key);
  }

  @Override
  Object create(@Nullable Object[] components) throws ReflectiveOperationException {
    return constructor.newInstance(components);
  }
}
