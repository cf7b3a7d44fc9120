package io.github.cacheinvalidation.internal.key;

import io.github.cacheinvalidation.KeyCodec;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
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

  /** Returns the shape of a key, or null if the key cannot be encoded. */
  @Nullable Shape of(Object key) throws ReflectiveOperationException {
    boolean onlyItself = key.getClass().isArray() && codecs.of(key.getClass()) == null;
    return onlyItself ? null : of(key, 1);
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
      return layout == null ? null : ofLayout(layout, value, depth);
    }
    if (type == SimpleKey.class) {
      @Nullable Object[] elements = SimpleKeys.elements((SimpleKey) value);
      List<Shape> shapes = elements == null ? null : ofAll(Arrays.asList(elements), depth);
      return shapes == null ? null : new TupleShape(true, shapes);
    }
    if (value instanceof List<?> list) {
      return ofList(list, depth);
    }
    CompoundForm form = CompoundForm.of(value);
    if (form != null) {
      return ofCompound(form, value, depth);
    }
    ClassLayout layout = ClassLayout.of(type);
    return layout == null ? null : ofLayout(layout, value, depth);
  }

  private @Nullable Shape ofCompound(CompoundForm form, Object value, int depth)
      throws ReflectiveOperationException {
    switch (form) {
      case SET -> {
        AnyOfShape elements = anyOf((Set<?>) value, depth);
        return elements == null ? null : new SetShape(elements);
      }
      case MAP -> {
        AnyOfShape keys = anyOf(((Map<?, ?>) value).keySet(), depth);
        AnyOfShape values = anyOf(((Map<?, ?>) value).values(), depth);
        return keys == null || values == null ? null : new MapShape(keys, values);
      }
      case ENTRY -> {
        Shape key = of(((Map.Entry<?, ?>) value).getKey(), depth + 1);
        Shape content = of(((Map.Entry<?, ?>) value).getValue(), depth + 1);
        return key == null || content == null ? null : new EntryShape(key, content);
      }
      case ARRAY -> {
        return ofArray(value, depth);
      }
      case OPTIONAL -> {
        return ofOptional(value, depth);
      }
    }
    throw new IllegalStateException("a form without a shape: " + form);
  }

  private @Nullable Shape ofOptional(Object optional, int depth)
      throws ReflectiveOperationException {
    Shape declared = ofDeclaredOptional(optional.getClass());
    if (declared != null) {
      return declared;
    }
    Shape content = of(OptionalShape.content(optional), depth + 1);
    return content == null ? null : new OptionalShape(optional.getClass(), content);
  }

  private @Nullable Shape ofArray(Object array, int depth) throws ReflectiveOperationException {
    Class<?> type = array.getClass().getComponentType();
    Shape element = type.isPrimitive() ? ofDeclared(type, Set.of()) : null;
    Shape list =
        element != null
            ? new ListShape(element)
            : ofList(Arrays.asList(ArrayShape.elements(array)), depth);
    return list == null ? null : new ArrayShape(type, list);
  }

  private @Nullable AnyOfShape anyOf(Collection<?> values, int depth)
      throws ReflectiveOperationException {
    List<Shape> shapes = values.size() > CompoundForm.MOST_ELEMENTS ? null : ofAll(values, depth);
    return shapes == null ? null : AnyOfShape.of(shapes);
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

  private @Nullable List<Shape> ofAll(Collection<?> values, int depth)
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

  private @Nullable Shape ofLayout(Layout layout, Object key, int depth)
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
   * @param around the enclosing classes; a class that contains itself has no finite shape
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
    if (OptionalShape.isOptional(type)) {
      return ofDeclaredOptional(type);
    }
    Layout layout = around.contains(type) ? null : declaredLayout(type);
    return layout == null ? null : ofDeclaredLayout(layout, around);
  }

  private @Nullable Shape ofDeclaredOptional(Class<?> type) {
    Class<?> content = OptionalShape.primitiveContent(type);
    Shape shape = content == null ? null : ofDeclared(content, Set.of());
    return shape == null ? null : new OptionalShape(type, shape);
  }

  /** Returns the layout that every value of a declared type has, or null. */
  private static @Nullable Layout declaredLayout(Class<?> type) {
    if (type.isRecord()) {
      return RecordLayout.of(type);
    }
    boolean collection =
        Collection.class.isAssignableFrom(type)
            || Map.class.isAssignableFrom(type)
            || Map.Entry.class.isAssignableFrom(type);
    return collection || !Modifier.isFinal(type.getModifiers()) ? null : ClassLayout.of(type);
  }

  private @Nullable Shape ofDeclaredLayout(Layout layout, Set<Class<?>> around) {
    Set<Class<?>> within = new HashSet<>(around);
    within.add(layout.type());
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
