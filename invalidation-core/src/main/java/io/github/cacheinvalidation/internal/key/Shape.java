package io.github.cacheinvalidation.internal.key;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a key: its class and, if the class does not determine them, the shapes of its parts.
 * A shape builds keys from wire keys. It never looks a class up by name. The shape of a part also
 * covers null.
 */
sealed interface Shape
    permits ScalarShape,
        EnumShape,
        CodecShape,
        RecordShape,
        ListShape,
        TupleShape,
        SetShape,
        MapShape,
        EntryShape,
        ArrayShape,
        OptionalShape,
        AnyOfShape,
        NullShape {

  /** Result of {@link #build}: the wire key cannot mean a key of this shape. */
  Object NO_KEY = new Object();

  /**
   * Result of {@link #build}: the wire key means a key of this shape, but this node cannot build
   * it. For example, the type has other parts on the node that wrote the key.
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
   * @param open whether another program may have written the key. If so, each form is tried
   * @return the key, {@link PossibleKeys} keys, {@link #NO_KEY} or {@link #UNBUILDABLE}; null only
   *     for {@link NullShape}
   */
  @Nullable Object build(WireKey key, boolean open);

  /** Passes each named type of this shape to an action. */
  default void forEachName(Consumer<NamedType> action) {}

  /** Returns whether the class of a key alone determines that the key has this shape. */
  boolean saidByClass();

  /**
   * Returns one shape for the keys of both shapes if the shapes differ only in parts that have been
   * null so far in one of them, or if one is a set or map with fewer types of elements. Otherwise
   * returns null.
   */
  default @Nullable Shape merge(Shape other) {
    return equals(other) ? this : null;
  }

  /**
   * Returns whether one wire key can mean different keys in this shape and the other shape, because
   * their numbers have different widths.
   */
  default boolean isAnotherWidthOf(Shape other) {
    return false;
  }

  /** Returns whether a part of a key is null or has this shape. */
  default boolean coversPart(@Nullable Object part) {
    return part == null || covers(part);
  }

  /** Like {@link #build}, for a part of a key: a JSON null gives null. */
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

  /** Merges into the first match: two matching shapes still differ from each other. */
  static boolean mergeInto(List<Shape> shapes, Shape shape) {
    for (int i = 0; i < shapes.size(); i++) {
      Shape merged = shapes.get(i).merge(shape);
      if (merged != null) {
        shapes.set(i, merged);
        return true;
      }
    }
    return false;
  }

  /** Merges the shapes of a part of two keys; null if they cannot be merged. */
  static @Nullable Shape mergePart(Shape part, Shape other) {
    if (part instanceof NullShape) {
      return other;
    }
    return other instanceof NullShape ? part : part.merge(other);
  }

  /** Returns whether any part has another width. Other parts may differ: both can be null. */
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
