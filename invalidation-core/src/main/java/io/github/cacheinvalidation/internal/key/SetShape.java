package io.github.cacheinvalidation.internal.key;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The shape of sets of any size. Each element has one of several shapes. */
record SetShape(AnyOfShape elements) implements Shape {

  /** Returns a set of these elements. */
  static Set<@Nullable Object> create(@Nullable Object[] elements) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(Arrays.asList(elements)));
  }

  @Override
  public boolean covers(Object key) {
    if (CompoundForm.of(key) != CompoundForm.SET) {
      return false;
    }
    for (Object each : (Set<?>) key) {
      if (!elements.coversPart(each)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Object build(WireKey key, boolean open) {
    if (key instanceof WireValue.Compound compound && compound.form() == CompoundForm.SET) {
      return build(compound.parts(), open);
    }
    if (open && key instanceof WireValue.Sequence sequence) {
      Object built = build(sequence.elements(), true);
      return built == UNBUILDABLE ? NO_KEY : built;
    }
    return NO_KEY;
  }

  private Object build(List<WireKey> parts, boolean open) {
    return parts.size() > CompoundForm.MOST_ELEMENTS
        ? UNBUILDABLE
        : KeyParts.build(List.of(elements), parts, open, SetShape::create);
  }

  @Override
  public void forEachName(Consumer<NamedType> action) {
    elements.forEachName(action);
  }

  @Override
  public @Nullable Shape merge(Shape other) {
    AnyOfShape merged = other instanceof SetShape set ? elements.merge(set.elements) : null;
    return merged == null ? null : new SetShape(merged);
  }

  @Override
  public boolean isAnotherWidthOf(Shape other) {
    return other instanceof SetShape set && elements.isAnotherWidthOf(set.elements);
  }

  @Override
  public boolean saidByClass() {
    return false;
  }
}
