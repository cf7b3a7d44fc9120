package io.github.cacheinvalidation.internal.key;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the final fields of the keys of one immutable class, and creates such keys with the
 * constructor that takes these fields. {@link CanonicalConstructor} finds it.
 */
final class ClassLayout extends Layout {

  static final String KIND = "object";

  /** Either a layout, or why there is none. */
  private record Result(@Nullable ClassLayout layout, String refusal) {}

  private static final ClassValue<Result> LAYOUTS =
      new ClassValue<>() {
        @Override
        protected Result computeValue(Class<?> type) {
          try {
            return new Result(open(type), "");
          } catch (NotCanonicalException e) {
            return new Result(null, e.reason());
          } catch (RuntimeException | LinkageError e) {
            return new Result(null, "cannot be read by reflection: " + e);
          }
        }
      };

  private final Constructor<?> constructor;
  private final Field[] fields;
  private final boolean named;

  private ClassLayout(CanonicalConstructor canonical) {
    super(
        KIND,
        canonical.constructor().getDeclaringClass(),
        canonical.fields().stream()
            .map(
                each ->
                    new Component(
                        each.getName(), each.getType(), each.getGenericType().getTypeName()))
            .toList());
    this.constructor = canonical.constructor();
    this.fields = canonical.fields().toArray(new Field[0]);
    this.named = canonical.named();
  }

  /** Returns the layout of a class, or null if its keys cannot be created from their fields. */
  static @Nullable ClassLayout of(Class<?> type) {
    return LAYOUTS.get(type).layout;
  }

  /** Returns why a class has no layout, as a clause whose subject is the class. */
  static String refusal(Class<?> type) {
    return LAYOUTS.get(type).refusal;
  }

  private static ClassLayout open(Class<?> type) throws NotCanonicalException {
    CanonicalConstructor canonical = CanonicalConstructor.of(type, FinalFields.of(type));
    try {
      canonical.constructor().setAccessible(true);
      canonical.fields().forEach(field -> field.setAccessible(true));
    } catch (RuntimeException e) { // a module that does not open the package
      throw new NotCanonicalException("is in a module that does not open its package");
    }
    return new ClassLayout(canonical);
  }

  @Override
  @Nullable Object component(Object key, int index) throws ReflectiveOperationException {
    return fields[index].get(key);
  }

  /**
   * Creates a key. If the parameters were found by their types alone, two parameters of one type
   * may be meant the other way round. So each field of the key is then compared with its component.
   */
  @Override
  Object create(@Nullable Object[] components) throws ReflectiveOperationException {
    Object key = constructor.newInstance(components);
    if (!named) {
      for (int i = 0; i < fields.length; i++) {
        if (!Objects.deepEquals(fields[i].get(key), components[i])) {
          throw new IllegalArgumentException(
              "the field %s is not the parameter at its place".formatted(fields[i].getName()));
        }
      }
    }
    return key;
  }
}
