package io.github.cacheinvalidation.internal.key;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.cache.interceptor.SimpleKey;

/** The names of shapes, for a person. */
final class ShapeNames {

  private ShapeNames() {}

  /** Returns the name of the class of the keys, or of its interface if there can be several. */
  static String of(Shape shape) {
    if (shape instanceof ScalarShape scalar) {
      return scalar.type().getName();
    }
    if (shape instanceof EnumShape constants) {
      return constants.type().getName();
    }
    if (shape instanceof CodecShape coded) {
      return coded.codec().type().getName();
    }
    if (shape instanceof RecordShape object) {
      return object.layout().type().getName();
    }
    if (shape instanceof ArrayShape array) {
      return array.type().getTypeName();
    }
    if (shape instanceof OptionalShape optional) {
      return optional.type().getName();
    }
    if (shape instanceof TupleShape tuple) {
      return (tuple.simpleKey() ? SimpleKey.class : List.class).getName();
    }
    if (shape instanceof ListShape) {
      return List.class.getName();
    }
    if (shape instanceof SetShape) {
      return Set.class.getName();
    }
    if (shape instanceof MapShape) {
      return Map.class.getName();
    }
    return (shape instanceof EntryShape ? Map.Entry.class : Object.class).getName();
  }
}
