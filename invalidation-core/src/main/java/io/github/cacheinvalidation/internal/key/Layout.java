package io.github.cacheinvalidation.internal.key;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Reads the components of the keys of one class, and creates such keys. Its name tells classes
 * apart that have the same name and other components, as in two versions of an application.
 */
abstract sealed class Layout permits RecordLayout, ClassLayout {

  /**
   * A component.
   *
   * @param genericType the name of its type, with type arguments
   */
  record Component(String name, Class<?> type, String genericType) {}

  private final String kind;
  private final Class<?> type;
  private final String name;
  private final List<Component> components;

  /**
   * Creates a layout.
   *
   * @param components the components in order
   */
  Layout(String kind, Class<?> type, List<Component> components) {
    this.kind = kind;
    this.type = type;
    this.name = type.getName() + "#" + digest(components);
    this.components = components;
  }

  /** Returns eight hexadecimal digits for the names and types of the components, in order. */
  private static String digest(List<Component> components) {
    CRC32 digest = new CRC32();
    for (Component each : components) {
      String text = each.name + ' ' + each.genericType + ',';
      digest.update(text.getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().toHexDigits((int) digest.getValue());
  }

  /** Returns the name of the class, with a digest of its components. */
  final String name() {
    return name;
  }

  /** Returns whether a name in a message means this class. Other programs omit the digest. */
  final boolean isNamed(String inMessage) {
    return inMessage.equals(name) || inMessage.equals(type.getName());
  }

  /** Returns the kind of the class, as the wire names it. */
  final String kind() {
    return kind;
  }

  final Class<?> type() {
    return type;
  }

  final int size() {
    return components.size();
  }

  final Class<?> componentType(int index) {
    return components.get(index).type;
  }

  /** Returns the name of a component. */
  final String componentName(int index) {
    return components.get(index).name;
  }

  /**
   * Returns the value of a component.
   *
   * @throws ReflectiveOperationException if an accessor threw
   */
  abstract @Nullable Object component(Object key, int index) throws ReflectiveOperationException;

  /**
   * Creates a key.
   *
   * @param components the components in order
   * @throws ReflectiveOperationException if the constructor threw
   * @throws IllegalArgumentException if a component does not fit, or the key has another component
   */
  abstract Object create(@Nullable Object[] components) throws ReflectiveOperationException;
}
