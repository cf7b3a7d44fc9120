package io.github.cacheinvalidation.internal.key;

import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The shape of map entries, and of pairs of the application that are map entries. */
record EntryShape(Shape key, Shape value) implements Shape {

  /** Returns an entry of a key and a value. */
  static Map.Entry<@Nullable Object, @Nullable Object> create(@Nullable Object[] parts) {
    return new SimpleImmutableEntry<>(parts[0], parts[1]);
  }

  @Override
  public boolean covers(Object pair) {
    return CompoundForm.of(pair) == CompoundForm.ENTRY
        && pair instanceof Map.Entry<?, ?> entry
        && key.coversPart(entry.getKey())
        && value.coversPart(entry.getValue());
  }

  @Override
  public Object build(WireKey wire, boolean open) {
    List<WireKey> parts = null;
    if (wire instanceof WireValue.Compound compound && compound.form() == CompoundForm.ENTRY) {
      parts = compound.parts();
    } else if (open && wire instanceof WireValue.Sequence sequence) {
      parts = sequence.elements();
    }
    return parts == null || parts.size() != 2
        ? NO_KEY
        : KeyParts.build(List.of(key, value), parts, open, EntryShape::create);
  }

  @Override
  public void forEachName(Consumer<NamedType> action) {
    key.forEachName(action);
    value.forEachName(action);
  }

  @Override
  public @Nullable Shape merge(Shape other) {
    if (!(other instanceof EntryShape entry)) {
      return null;
    }
    Shape mergedKey = Shape.mergePart(key, entry.key);
    Shape mergedValue = Shape.mergePart(value, entry.value);
    return mergedKey == null || mergedValue == null ? null : new EntryShape(mergedKey, mergedValue);
  }

  @Override
  public boolean isAnotherWidthOf(Shape other) {
    return other instanceof EntryShape entry
        && (key.isAnotherWidthOf(entry.key) || value.isAnotherWidthOf(entry.value));
  }

  @Override
  public boolean saidByClass() {
    return false;
  }
}
