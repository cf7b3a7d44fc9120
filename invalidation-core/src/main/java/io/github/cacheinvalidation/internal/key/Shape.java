package io.github.cacheinvalidation.internal.key;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the keys of one kind have in common: their class and, where the class does not say it, the
 * shapes of their parts. A shape builds keys from the wire; it never looks a class up by a name.
 * Where a part may be null, every shape stands for null too.
 */
sealed interface Shape
    permits ScalarShape, EnumShape, CodecShape, RecordShape, ListShape, TupleShape, NullShape {

  /** The answer of {@link #build} that no key of this shape can be meant. */
  Object NO_KEY = new Object();

  /**
   * The answer of {@link #build} that a type of this shape is meant which has other parts on the
   * node that wrote the key.
   */
  Object UNBUILDABLE = new Object();

  /** A type that the wire names. */
  record NamedType(String kind, String name) {}

  /** Returns whether a key has this shape. */
  boolean covers(Object key);

  /**
   * Builds the key that a wire key means.
   *
   * @param key the key on the wire
   * @param open whether it comes from outside, so that every form it can have is tried
   * @return the key, {@link #NO_KEY} or {@link #UNBUILDABLE}; null only for {@link NullShape}
   */
  @Nullable Object build(WireKey key, boolean open);

  /** Tells which named types this shape knows. */
  default void forEachName(Consumer<NamedType> action) {}

  /** Returns whether the class of a key alone says that it has this shape. */
  boolean saidByClass();

  /**
   * Returns the shape of the keys of both shapes, if these differ only in parts that have been null
   * so far in one of them; null if they differ otherwise.
   */
  default @Nullable Shape merge(Shape other) {
    return equals(other) ? this : null;
  }

  /**
   * Returns whether one key on the wire can mean a key of this shape and another key of the other
   * shape, since their numbers have different widths.
   */
  default boolean isAnotherWidthOf(Shape other) {
    return false;
  }

  /** Returns whether a part of a key has this shape. */
  default boolean coversPart(@Nullable Object part) {
    return part == null || covers(part);
  }

  /** Builds the part that a wire key means. */
  default @Nullable Object buildPart(WireKey part, boolean open) {
    return part == WireValue.Null.NULL ? null : build(part, open);
  }

  /** Returns whether the parts of a key have these shapes. */
  static boolean coverParts(List<Shape> shapes, @Nullable Object[] parts) {
    if (shapes.size() != parts.length) {
      return false;
    }
    for (int i = 0; i < parts.length; i++) {
      if (!shapes.get(i).coversPart(parts[i])) {
        return false;
      }
    }
    return true;
  }

  /** Merges the shapes of the parts of two keys; null if they cannot be merged. */
  static @Nullable List<Shape> mergeParts(List<Shape> parts, List<Shape> others) {
    if (parts.size() != others.size()) {
      return null;
    }
    List<Shape> merged = new ArrayList<>(parts.size());
    for (int i = 0; i < parts.size(); i++) {
      Shape part = mergePart(parts.get(i), others.get(i));
      if (part == null) {
        return null;
      }
      merged.add(part);
    }
    return merged;
  }

  /** Merges the shapes of a part of two keys; null if they cannot be merged. */
  static @Nullable Shape mergePart(Shape part, Shape other) {
    if (part instanceof NullShape) {
      return other;
    }
    return other instanceof NullShape ? part : part.merge(other);
  }

  /**
   * Returns whether there is a part of another width; where the others differ, both can be null.
   */
  static boolean haveAnotherWidth(List<Shape> parts, List<Shape> others) {
    if (parts.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).isAnotherWidthOf(others.get(i))) {
        return true;
      }
    }
    return false;
  }
}
