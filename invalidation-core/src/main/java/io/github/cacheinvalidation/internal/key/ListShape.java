package io.github.cacheinvalidation.internal.key;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The shape of lists of any length whose elements have one shape. */
record ListShape(Shape element) implements Shape {

  @Override
  public boolean covers(Object key) {
    if (!(key instanceof List<?> list)) {
      return false;
    }
    for (Object each : list) {
      if (!element.coversPart(each)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public @Nullable Object build(WireKey key, boolean open) {
    return key instanceof WireValue.Sequence sequence
        ? KeyParts.build(List.of(element), sequence.elements(), open, ListShape::create)
        : NO_KEY;
  }

  private static Object create(@Nullable Object[] elements) {
    return Collections.unmodifiableList(Arrays.asList(elements));
  }

  @Override
  public void forEachName(Consumer<NamedType> action) {
    element.forEachName(action);
  }

  @Override
  public @Nullable Shape merge(Shape other) {
    Shape merged = other instanceof ListShape list ? Shape.mergePart(element, list.element) : null;
    return merged == null ? null : new ListShape(merged);
  }

  @Override
  public boolean isAnotherWidthOf(Shape other) {
    if (other instanceof TupleShape tuple) {
      return !tuple.simpleKey() && tuple.elements().stream().anyMatch(element::isAnotherWidthOf);
    }
    return other instanceof ListShape list && element.isAnotherWidthOf(list.element);
  }

  @Override
  public boolean saidByClass() {
    return false;
  }
}
