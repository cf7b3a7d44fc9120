package io.github.cacheinvalidation.internal.key;

import io.github.cacheinvalidation.KeyCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.SimpleKey;

/** Determines the shape of a key. */
final class Shapes {

  private static final Shape NULL = new NullShape();
  private static final Map<Class<?>, Class<?>> WRAPPERS =
      Map.of(
          byte.class, Byte.class,
          short.class, Short.class,
          int.class, Integer.class,
          long.class, Long.class,
          char.class, Character.class,
          boolean.class, Boolean.class,
          float.class, Float.class,
          double.class, Double.class);

  private final Codecs codecs;

  Shapes(Codecs codecs) {
    this.codecs = codecs;
  }

  boolean hasCodec(Object key) {
    return codecs.of(key.getClass()) != null;
  }

  /** Returns the shape of a key, or null if the key cannot be encoded. */
  @Nullable Shape of(Object key) throws ReflectiveOperationException {
    return of(key, 1);
  }

  private @Nullable Shape of(@Nullable Object value, int depth)
      throws ReflectiveOperationException {
    if (value == null) {
      return NULL;
    }
    if (depth > Json.MAX_KEY_DEPTH) {
      return null;
    }
    Class<?> type = value.getClass();
    KeyCodec<?> codec = codecs.of(type);
    if (codec != null) {
      return new CodecShape(codec, codecs);
    }
    ScalarType scalar = ScalarType.of(type);
    if (scalar != null) {
      return new ScalarShape(type, scalar);
    }
    if (value instanceof Enum<?> constant) {
      return EnumShape.of(constant.getDeclaringClass());
    }
    if (value instanceof Record) {
      RecordLayout layout = RecordLayout.of(type);
      return layout == null ? null : ofRecord(layout, value, depth);
    }
    if (type == SimpleKey.class) {
      @Nullable Object[] elements = SimpleKeys.elements((SimpleKey) value);
      List<Shape> shapes = elements == null ? null : ofAll(Arrays.asList(elements), depth);
      return shapes == null ? null : new TupleShape(true, shapes);
    }
    return value instanceof List<?> list ? ofList(list, depth) : null;
  }

  private @Nullable Shape ofList(List<?> list, int depth) throws ReflectiveOperationException {
    List<Shape> shapes = ofAll(list, depth);
    if (shapes == null) {
      return null;
    }
    Shape every = NULL;
    for (Shape each : shapes) {
      every = Shape.mergePart(every, each);
      if (every == null) {
        return new TupleShape(false, shapes);
      }
    }
    return new ListShape(every);
  }

  private @Nullable List<Shape> ofAll(List<?> values, int depth)
      throws ReflectiveOperationException {
    List<Shape> shapes = new ArrayList<>(values.size());
    for (Object value : values) {
      Shape shape = of(value, depth + 1);
      if (shape == null) {
        return null;
      }
      shapes.add(shape);
    }
    return shapes;
  }

  private @Nullable Shape ofRecord(RecordLayout layout, Object key, int depth)
      throws ReflectiveOperationException {
    List<Shape> shapes = new ArrayList<>(layout.size());
    List<Boolean> declared = new ArrayList<>(layout.size());
    for (int i = 0; i < layout.size(); i++) {
      Shape shape = ofDeclared(layout.componentType(i), Set.of(layout.type()));
      declared.add(shape != null);
      if (shape == null) {
        shape = of(layout.component(key, i), depth + 1);
      }
      if (shape == null) {
        return null;
      }
      shapes.add(shape);
    }
    return new RecordShape(layout, shapes, declared);
  }

  /**
   * Returns the shape that every value of a declared type has, or null if values of the type can
   * have different shapes.
   *
   * @param type the declared type
   * @param around the enclosing record classes; a record that contains itself has no finite shape
   */
  private @Nullable Shape ofDeclared(Class<?> type, Set<Class<?>> around) {
    Class<?> wrapper = WRAPPERS.getOrDefault(type, type);
    if (codecs.anyBelow(wrapper)) {
      return null;
    }
    KeyCodec<?> codec = codecs.of(wrapper);
    if (codec != null) {
      return new CodecShape(codec, codecs);
    }
    ScalarType scalar = ScalarType.of(wrapper);
    if (scalar != null) {
      return new ScalarShape(wrapper, scalar);
    }
    if (type.isEnum()) {
      return EnumShape.of(type);
    }
    return type.isRecord() && !around.contains(type) ? ofDeclaredRecord(type, around) : null;
  }

  private @Nullable Shape ofDeclaredRecord(Class<?> type, Set<Class<?>> around) {
    RecordLayout layout = RecordLayout.of(type);
    if (layout == null) {
      return null;
    }
    Set<Class<?>> within = new HashSet<>(around);
    within.add(type);
    List<Shape> shapes = new ArrayList<>(layout.size());
    List<Boolean> declared = new ArrayList<>(layout.size());
    for (int i = 0; i < layout.size(); i++) {
      Shape shape = ofDeclared(layout.componentType(i), within);
      if (shape == null) {
        return null;
      }
      shapes.add(shape);
      declared.add(true);
    }
    return new RecordShape(layout, shapes, declared);
  }
}
