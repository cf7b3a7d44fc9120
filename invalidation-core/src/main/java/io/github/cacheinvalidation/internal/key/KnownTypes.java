package io.github.cacheinvalidation.internal.key;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of the types of a cache at one time, never changed.
 *
 * @param first the first class that alone says its shape; apart since mostly it is the only one
 * @param classes the classes that alone say their shape
 * @param shapes the shapes; no two differ only where one has been null so far
 * @param compounds how many of them are no scalars
 * @param names the types that the wire names
 * @param overflow whether there were more shapes than are kept
 * @param onlyScalar the only shape, if it is a scalar
 * @param severalWidths whether one key on the wire can be two keys here
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

  /** Returns the same and one shape more, if there is room for it. */
  KnownTypes plus(Class<?> type, Shape shape) {
    boolean compound = !(shape instanceof ScalarShape);
    List<Shape> more = new ArrayList<>(shapes);
    boolean merged = merge(more, shape);
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

  /** Two shapes that a third one can be merged with differ by themselves, so the first will do. */
  private static boolean merge(List<Shape> shapes, Shape shape) {
    for (int i = 0; i < shapes.size(); i++) {
      Shape merged = shapes.get(i).merge(shape);
      if (merged != null) {
        shapes.set(i, merged);
        return true;
      }
    }
    return false;
  }
}
