package io.github.cacheinvalidation.internal.key;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An immutable snapshot of the known key types of a cache.
 *
 * @param first the first of {@code classes}; a field of its own for speed, as it is often the only
 *     one
 * @param classes the classes that alone determine the shape of their keys
 * @param shapes the shapes; no two differ only in parts that have been null so far in one of them
 * @param compounds how many shapes are not scalars
 * @param names the types that the wire names
 * @param overflow whether a shape was not kept because there were too many
 * @param onlyScalar the shape, if there is only one and it is a scalar
 * @param severalWidths whether one wire key can mean two keys here
 */
record KnownTypes(
    @Nullable Class<?> first,
    Set<Class<?>> classes,
    List<Shape> shapes,
    int compounds,
    Set<Shape.NamedType> names,
    boolean overflow,
    @Nullable ScalarShape onlyScalar,
    boolean severalWidths) {

  static final KnownTypes NOTHING = of(null, Set.of(), List.of(), 0, Set.of(), false);

  private static final int MAX_CLASSES = 256;

  private static KnownTypes of(
      @Nullable Class<?> first,
      Set<Class<?>> classes,
      List<Shape> shapes,
      int compounds,
      Set<Shape.NamedType> names,
      boolean overflow) {
    ScalarShape only =
        shapes.size() == 1 && shapes.get(0) instanceof ScalarShape scalar ? scalar : null;
    boolean widths = shapes.stream().anyMatch(a -> shapes.stream().anyMatch(a::isAnotherWidthOf));
    return new KnownTypes(first, classes, shapes, compounds, names, overflow, only, widths);
  }

  boolean saysClass(Class<?> type) {
    return type == first || classes.contains(type);
  }

  boolean covers(Object key) {
    for (Shape shape : shapes) {
      if (shape.covers(key)) {
        return true;
      }
    }
    return false;
  }

  /** Returns these types plus one shape, or an overflow if there is no room for the shape. */
  KnownTypes plus(Class<?> type, Shape shape) {
    boolean compound = !(shape instanceof ScalarShape);
    List<Shape> more = new ArrayList<>(shapes);
    boolean merged = Shape.mergeInto(more, shape);
    if (!merged && compound && compounds >= KeyTypes.MAX_SHAPES) {
      return of(first, classes, shapes, compounds, names, true);
    }
    if (!merged) {
      more.add(shape);
    }
    Set<Shape.NamedType> moreNames = new HashSet<>(names);
    shape.forEachName(moreNames::add);
    Set<Class<?>> moreClasses = new HashSet<>(classes);
    if (shape.saidByClass() && moreClasses.size() < MAX_CLASSES) {
      moreClasses.add(type);
    }
    return of(
        first == null && moreClasses.contains(type) ? type : first,
        moreClasses,
        List.copyOf(more),
        compounds + (compound && !merged ? 1 : 0),
        moreNames,
        overflow);
  }
}
