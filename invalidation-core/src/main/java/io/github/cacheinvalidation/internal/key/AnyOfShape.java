package io.github.cacheinvalidation.internal.key;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The shape of the elements of a set, or of the keys or values of a map. Each of them has one of
 * several shapes.
 *
 * @param shapes the shapes; empty if every element so far was null
 */
record AnyOfShape(List<Shape> shapes) implements Shape {

  AnyOfShape {
    shapes = List.copyOf(shapes);
  }

  /** Returns the shape of values with these shapes. */
  static AnyOfShape of(Iterable<Shape> values) {
    List<Shape> shapes = new ArrayList<>();
    for (Shape value : values) {
      if (!(value instanceof NullShape) && !Shape.mergeInto(shapes, value)) {
        shapes.add(value);
      }
    }
    return new AnyOfShape(shapes);
  }

  @Override
  public boolean covers(Object key) {
    for (Shape shape : shapes) {
      if (shape.covers(key)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Object build(WireKey key, boolean open) {
    Object result = NO_KEY;
    for (Shape shape : shapes) {
      Object built = shape.build(key, open);
      result = built == null ? result : PossibleKeys.either(result, built);
    }
    return result;
  }

  @Override
  public void forEachName(Consumer<NamedType> action) {
    shapes.forEach(shape -> shape.forEachName(action));
  }

  /**
   * Returns one shape if one of the two has all shapes of the other. Otherwise returns null,
   * because no key that this node has used contains both.
   */
  @Override
  public @Nullable AnyOfShape merge(Shape other) {
    if (!(other instanceof AnyOfShape any)) {
      return null;
    }
    boolean wider = shapes.size() >= any.shapes.size();
    List<Shape> merged = new ArrayList<>(wider ? shapes : any.shapes);
    for (Shape shape : wider ? any.shapes : shapes) {
      if (!Shape.mergeInto(merged, shape)) {
        return null;
      }
    }
    return new AnyOfShape(merged);
  }

  @Override
  public boolean isAnotherWidthOf(Shape other) {
    return other instanceof AnyOfShape any
        && shapes.stream().anyMatch(a -> any.shapes.stream().anyMatch(a::isAnotherWidthOf));
  }

  @Override
  public boolean saidByClass() {
    return false;
  }
}
