package io.github.cacheinvalidation.internal.key;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The shape of arrays, apart from {@code byte[]}, which is a scalar.
 *
 * @param type the type of the elements that the array was created with
 * @param list the shape of the list of its elements
 */
record ArrayShape(Class<?> type, Shape list) implements Shape {

  /** Returns the elements of an array. */
  static @Nullable Object[] elements(Object array) {
    @Nullable Object[] elements = new @Nullable Object[Array.getLength(array)];
    Arrays.setAll(elements, index -> Array.get(array, index));
    return elements;
  }

  /**
   * Returns an array of these elements.
   *
   * @throws IllegalArgumentException if an element cannot be in such an array
   */
  static Object create(Class<?> type, @Nullable Object[] elements) {
    Object array = Array.newInstance(type, elements.length);
    for (int i = 0; i < elements.length; i++) {
      Array.set(array, i, elements[i]);
    }
    return array;
  }

  @Override
  public boolean covers(Object key) {
    return key.getClass().getComponentType() == type
        && (type.isPrimitive() || list.covers(Arrays.asList(elements(key))));
  }

  @Override
  public Object build(WireKey key, boolean open) {
    WireKey sequence = null;
    if (key instanceof WireValue.Compound compound && compound.form() == CompoundForm.ARRAY) {
      sequence = new WireValue.Sequence(compound.parts());
    } else if (open && key instanceof WireValue.Sequence) {
      sequence = key;
    }
    return sequence == null
        ? NO_KEY
        : KeyParts.build(List.of(list), List.of(sequence), open, this::ofList);
  }

  private Object ofList(@Nullable Object[] parts) {
    return create(type, ((List<?>) parts[0]).toArray());
  }

  @Override
  public void forEachName(Consumer<NamedType> action) {
    list.forEachName(action);
  }

  @Override
  public @Nullable Shape merge(Shape other) {
    Shape merged =
        other instanceof ArrayShape array && array.type == type ? list.merge(array.list) : null;
    return merged == null ? null : new ArrayShape(type, merged);
  }

  /** Arrays of all types have one form in messages, so another type counts as another width. */
  @Override
  public boolean isAnotherWidthOf(Shape other) {
    return other instanceof ArrayShape array
        && (array.type != type || list.isAnotherWidthOf(array.list));
  }

  @Override
  public boolean saidByClass() {
    return false;
  }
}
