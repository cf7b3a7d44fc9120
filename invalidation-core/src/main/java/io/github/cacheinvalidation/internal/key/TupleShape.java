package io.github.cacheinvalidation.internal.key;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.SimpleKey;

/** The shape of {@code SimpleKey}s or lists of a fixed length, with a shape for each index. */
record TupleShape(boolean simpleKey, List<Shape> elements) implements Shape {

  @Override
  public boolean covers(Object key) {
    if (simpleKey) {
      @Nullable Object[] parts =
          key.getClass() == SimpleKey.class ? SimpleKeys.elements((SimpleKey) key) : null;
      return parts != null && Shape.coverParts(elements, parts);
    }
    return key instanceof List<?> list
        && list.size() == elements.size()
        && Shape.coverParts(elements, list.toArray());
  }

  @Override
  public @Nullable Object build(WireKey key, boolean open) {
    List<WireKey> parts = parts(key, open);
    return parts == null || parts.size() != elements.size()
        ? NO_KEY
        : KeyParts.build(elements, parts, open, this::create);
  }

  private Object create(@Nullable Object[] parts) {
    return simpleKey ? new SimpleKey(parts) : Collections.unmodifiableList(Arrays.asList(parts));
  }

  private @Nullable List<WireKey> parts(WireKey key, boolean open) {
    if (simpleKey && key instanceof WireValue.SimpleKeyValue value) {
      return value.elements();
    }
    return (open || !simpleKey) && key instanceof WireValue.Sequence sequence
        ? sequence.elements()
        : null;
  }

  @Override
  public void forEachName(Consumer<NamedType> action) {
    elements.forEach(element -> element.forEachName(action));
  }

  @Override
  public @Nullable Shape merge(Shape other) {
    List<Shape> merged =
        other instanceof TupleShape tuple && tuple.simpleKey == simpleKey
            ? Shape.mergeParts(elements, tuple.elements)
            : null;
    return merged == null ? null : new TupleShape(simpleKey, merged);
  }

  @Override
  public boolean isAnotherWidthOf(Shape other) {
    if (other instanceof ListShape list) {
      return list.isAnotherWidthOf(this);
    }
    return other instanceof TupleShape tuple
        && tuple.simpleKey == simpleKey
        && Shape.haveAnotherWidth(elements, tuple.elements);
  }

  @Override
  public boolean saidByClass() {
    return false;
  }
}
