package io.github.cacheinvalidation.internal.key;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The shape of the {@code Optional} classes of the JDK.
 *
 * @param type {@code Optional} or the class for one primitive type
 * @param content the shape of the content
 */
record OptionalShape(Class<?> type, Shape content) implements Shape {

  /** Returns the type of the content of an {@code Optional} class for a primitive type, or null. */
  static @Nullable Class<?> primitiveContent(Class<?> type) {
    if (type == OptionalInt.class) {
      return Integer.class;
    }
    if (type == OptionalLong.class) {
      return Long.class;
    }
    return type == OptionalDouble.class ? Double.class : null;
  }

  static boolean isOptional(Class<?> type) {
    return type == Optional.class || primitiveContent(type) != null;
  }

  /** Returns the content of an object of an {@code Optional} class, or null if it is empty. */
  static @Nullable Object content(Object optional) {
    if (optional instanceof OptionalInt number) {
      return number.isPresent() ? number.getAsInt() : null;
    }
    if (optional instanceof OptionalLong number) {
      return number.isPresent() ? number.getAsLong() : null;
    }
    if (optional instanceof OptionalDouble number) {
      return number.isPresent() ? number.getAsDouble() : null;
    }
    return ((Optional<?>) optional).orElse(null);
  }

  /** Returns an object of an {@code Optional} class with this content, empty if it is null. */
  static Object create(Class<?> type, @Nullable Object content) {
    if (type == OptionalInt.class) {
      return content == null ? OptionalInt.empty() : OptionalInt.of((Integer) content);
    }
    if (type == OptionalLong.class) {
      return content == null ? OptionalLong.empty() : OptionalLong.of((Long) content);
    }
    if (type == OptionalDouble.class) {
      return content == null ? OptionalDouble.empty() : OptionalDouble.of((Double) content);
    }
    return Optional.ofNullable(content);
  }

  @Override
  public boolean covers(Object key) {
    return key.getClass() == type && content.coversPart(content(key));
  }

  @Override
  public Object build(WireKey key, boolean open) {
    if (key instanceof WireValue.Compound compound && compound.form() == CompoundForm.OPTIONAL) {
      return build(compound.parts(), open);
    }
    return open ? build(List.of(key), true) : NO_KEY;
  }

  private Object build(List<WireKey> parts, boolean open) {
    return KeyParts.build(List.of(content), parts, open, built -> create(type, built[0]));
  }

  @Override
  public void forEachName(Consumer<NamedType> action) {
    content.forEachName(action);
  }

  @Override
  public @Nullable Shape merge(Shape other) {
    Shape merged =
        other instanceof OptionalShape optional && optional.type == type
            ? Shape.mergePart(content, optional.content)
            : null;
    return merged == null ? null : new OptionalShape(type, merged);
  }

  @Override
  public boolean isAnotherWidthOf(Shape other) {
    return other instanceof OptionalShape optional
        && (optional.type != type || content.isAnotherWidthOf(optional.content));
  }

  @Override
  public boolean saidByClass() {
    return primitiveContent(type) != null;
  }
}
