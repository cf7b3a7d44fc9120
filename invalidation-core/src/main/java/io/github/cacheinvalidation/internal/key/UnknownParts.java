package io.github.cacheinvalidation.internal.key;

import java.util.List;
import java.util.Set;

/** Finds parts of a wire key that this node cannot build from the types it knows. */
final class UnknownParts {

  private UnknownParts() {}

  /**
   * Returns whether a wire key has a part of an unknown type.
   *
   * @param names the known types that the wire names
   */
  static boolean has(WireKey key, boolean open, Set<Shape.NamedType> names) {
    if (key instanceof WireValue.Sequence sequence) {
      return anyHas(sequence.elements(), open, names);
    }
    if (key instanceof WireValue.SimpleKeyValue simple) {
      return anyHas(simple.elements(), open, names);
    }
    if (key instanceof WireValue.EnumConstant constant) {
      return !names.contains(new Shape.NamedType(EnumShape.KIND, constant.className()));
    }
    if (key instanceof WireValue.Coded coded) {
      return !names.contains(new Shape.NamedType(CodecShape.KIND, coded.codec()));
    }
    if (key instanceof WireValue.RecordValue record) {
      return !names.contains(new Shape.NamedType(RecordLayout.KIND, record.className()))
          || anyHas(record.components(), open, names);
    }
    if (key instanceof WireValue.ObjectValue object) {
      return !names.contains(new Shape.NamedType(ClassLayout.KIND, object.className()))
          || anyHas(object.components(), open, names);
    }
    if (key instanceof WireValue.Compound compound) {
      return anyHas(compound.parts(), open, names);
    }
    return key instanceof WireValue.Unknown
        || key instanceof WireValue.Packed
        || (key instanceof WireValue.Fraction && !open);
  }

  private static boolean anyHas(List<WireKey> keys, boolean open, Set<Shape.NamedType> names) {
    for (WireKey key : keys) {
      if (has(key, open, names)) {
        return true;
      }
    }
    return false;
  }
}
