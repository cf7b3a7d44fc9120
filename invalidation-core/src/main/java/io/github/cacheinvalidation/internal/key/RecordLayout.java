package io.github.cacheinvalidation.internal.key;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Reads the components of the records of one class, and creates such records. Its name tells
 * classes apart that have the same name and other components, as in two versions of an application.
 */
final class RecordLayout {

  private static final ClassValue<Optional<RecordLayout>> LAYOUTS =
      new ClassValue<>() {
        @Override
        protected Optional<RecordLayout> computeValue(Class<?> type) {
          return open(type);
        }
      };

  private final Class<?> type;
  private final String name;
  private final Class<?>[] componentTypes;
  private final Method[] accessors;
  private final Constructor<?> constructor;

  private RecordLayout(
      Class<?> type, Class<?>[] componentTypes, Method[] accessors, Constructor<?> constructor) {
    this.type = type;
    this.name = type.getName() + "#" + digest(type.getRecordComponents());
    this.componentTypes = componentTypes;
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
      return Optional.of(new RecordLayout(type, types, accessors, constructor));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Returns eight hexadecimal digits for the names and types of the components, in order. */
  private static String digest(RecordComponent[] components) {
    CRC32 digest = new CRC32();
    for (RecordComponent each : components) {
      String text = each.getName() + ' ' + each.getGenericType().getTypeName() + ',';
      digest.update(text.getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().toHexDigits((int) digest.getValue());
  }

  Class<?> type() {
    return type;
  }

  /** Returns the name of the class, with a digest of its components. */
  String name() {
    return name;
  }

  /** Returns whether a name in a message means this class. Other programs omit the digest. */
  boolean isNamed(String inMessage) {
    return inMessage.equals(name) || inMessage.equals(type.getName());
  }

  int size() {
    return accessors.length;
  }

  Class<?> componentType(int index) {
    return componentTypes[index];
  }

  @Nullable Object component(Object key, int index) throws ReflectiveOperationException {
    return accessors[index].invoke(key);
  }

  Object create(@Nullable Object[] components) throws ReflectiveOperationException {
    return constructor.newInstance(components);
  }
}
