package io.github.cacheinvalidation.internal.key;

import io.github.cacheinvalidation.KeyCodec;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.SimpleKey;
import tools.jackson.core.JsonGenerator;

/** Writes one key as typed JSON. Confined to one thread. */
final class KeyWriter {

  private static final String NOT_EQUAL =
      "is read back as a value that is not equal or has another hash code";

  /** Result for a value that cannot be written. */
  private static final Object UNWRITABLE = new Object();

  /** Asks a collection for a new array, whatever its class. */
  private static final @Nullable Object[] NONE = {};

  private final JsonGenerator json;
  private final Codecs codecs;

  /** Whether each part is compared with what is read back, so that the refusal names the part. */
  private final boolean comparing;

  private final Object key;
  private @Nullable Refusal refusal;

  KeyWriter(JsonGenerator json, Codecs codecs, Object key, boolean comparing) {
    this.json = json;
    this.codecs = codecs;
    this.key = key;
    this.comparing = comparing;
  }

  /**
   * Writes the key.
   *
   * @return null; or why the key cannot be written, or is not read back as an equal key
   */
  @Nullable Refusal write() {
    Object read = write(key, 1);
    if (read == UNWRITABLE) {
      return refusal;
    }
    if (isReadAs(key, read)) {
      return null;
    }
    Class<?> type = key.getClass();
    return new Refusal(type, type.isArray() ? "is an array, which equals only itself" : NOT_EQUAL);
  }

  /** Tests a value that was read back: an accessor, a constructor or a codec can alter it. */
  static boolean isReadAs(Object value, @Nullable Object read) {
    return read == value
        || (read != null
            && read.equals(value)
            && value.equals(read)
            && read.hashCode() == value.hashCode());
  }

  private Object refuse(Class<?> part, String reason) {
    refusal = new Refusal(part, reason);
    return UNWRITABLE;
  }

  /** Writes a value. Returns the value that a node reads from it, or {@link #UNWRITABLE}. */
  private @Nullable Object write(@Nullable Object value, int depth) {
    if (value == null) {
      json.writeNull();
      return null;
    }
    Class<?> type = value.getClass();
    if (depth > Json.MAX_KEY_DEPTH) {
      return refuse(key.getClass(), "nests values more than " + Json.MAX_KEY_DEPTH + " deep");
    }
    Object read = writeValue(value, type, depth);
    if (comparing && read != UNWRITABLE && !type.isArray() && !isReadAs(value, read)) {
      return refuse(type, NOT_EQUAL);
    }
    return read;
  }

  private @Nullable Object writeValue(Object value, Class<?> type, int depth) {
    KeyCodec<?> codec = codecs.of(type);
    if (codec != null) {
      return writeCoded(codec, value);
    }
    ScalarType scalar = ScalarType.of(type);
    if (scalar != null) {
      return writeScalar(scalar, value);
    }
    if (value instanceof Enum<?> constant) {
      writePair("enum", constant.getDeclaringClass().getName(), constant.name());
      return value;
    }
    if (value instanceof Record) {
      RecordLayout layout = RecordLayout.of(type);
      return layout == null
          ? refuse(type, "is a record that reflection cannot read")
          : writeComponents(layout, value, depth);
    }
    if (type == SimpleKey.class) {
      @Nullable Object[] elements = SimpleKeys.elements((SimpleKey) value);
      if (elements == null) {
        return refuse(type, "has more than " + SimpleKeys.MOST_ELEMENTS + " elements");
      }
      @Nullable Object[] read = writeTagged("key", elements, depth);
      return read == null ? UNWRITABLE : new SimpleKey(read);
    }
    if (value instanceof List<?> list) {
      @Nullable Object[] read = writeAll(list.toArray(NONE), depth);
      return read == null ? UNWRITABLE : Collections.unmodifiableList(Arrays.asList(read));
    }
    CompoundForm form = CompoundForm.of(value);
    if (form != null) {
      return writeCompound(form, value, depth);
    }
    ClassLayout layout = ClassLayout.of(type);
    return layout == null
        ? refuse(type, ClassLayout.refusal(type))
        : writeComponents(layout, value, depth);
  }

  private @Nullable Object writeCoded(KeyCodec<?> codec, Object value) {
    try {
      String text = Codecs.encode(codec, value);
      writePair("codec", codec.name(), text);
      return codec.decode(text);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return refuse(value.getClass(), "has a KeyCodec that threw " + e.getClass().getName());
    }
  }

  private Object writeScalar(ScalarType type, Object value) {
    String text = type.write(value);
    if (text == null
        || (type.form() == ScalarType.Form.INTEGER && text.length() > Json.MAX_NUMBER_LENGTH)) {
      return refuse(
          value.getClass(),
          "has a text form that is too long or is not read back as an equal value");
    }
    switch (type.form()) {
      case TEXT -> json.writeString(text);
      case BOOLEAN -> json.writeBoolean("true".equals(text));
      case INTEGER -> json.writeNumber(text);
      case TAGGED -> {
        json.writeStartObject();
        json.writeStringProperty(type.tag(), text);
        json.writeEndObject();
      }
    }
    return value instanceof byte[] bytes ? bytes.clone() : value;
  }

  private void writePair(String tag, String name, String text) {
    json.writeStartObject();
    json.writeArrayPropertyStart(tag);
    json.writeString(name);
    json.writeString(text);
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Writes the components of a record in their order, those of another class with their names. */
  private Object writeComponents(Layout layout, Object value, int depth) {
    boolean named = layout instanceof ClassLayout;
    @Nullable Object[] read = new @Nullable Object[layout.size()];
    json.writeStartObject();
    json.writeArrayPropertyStart(layout.kind());
    json.writeString(layout.name());
    if (named) {
      json.writeStartObject();
    } else {
      json.writeStartArray();
    }
    try {
      for (int i = 0; i < read.length; i++) {
        if (named) {
          json.writeName(layout.componentName(i));
        }
        read[i] = write(layout.component(value, i), depth + 1);
        if (read[i] == UNWRITABLE) {
          return UNWRITABLE;
        }
      }
      if (named) {
        json.writeEndObject();
      } else {
        json.writeEndArray();
      }
      json.writeEndArray();
      json.writeEndObject();
      return layout.create(read);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return refuse(layout.type(), failure(e));
    }
  }

  /** Names no message of the application, which could contain the key. */
  private static String failure(Exception e) {
    return e instanceof InvocationTargetException thrown
        ? "has a constructor or an accessor that threw "
            + thrown.getTargetException().getClass().getName()
        : "has a constructor that does not take a part as it is read back: " + e.getMessage();
  }

  private Object writeCompound(CompoundForm form, Object value, int depth) {
    return switch (form) {
      case SET -> {
        Set<?> set = (Set<?>) value;
        @Nullable Object[] read =
            isTooLarge(set, set.size()) ? null : writeTagged(form.tag(), set.toArray(NONE), depth);
        yield read == null ? UNWRITABLE : SetShape.create(read);
      }
      case MAP -> {
        @Nullable Object[] read = writeMap((Map<?, ?>) value, depth);
        yield read == null ? UNWRITABLE : MapShape.create(read);
      }
      case ENTRY -> {
        Map.Entry<?, ?> entry = (Map.Entry<?, ?>) value;
        @Nullable Object[] parts = {entry.getKey(), entry.getValue()};
        @Nullable Object[] read = writeTagged(form.tag(), parts, depth);
        yield read == null ? UNWRITABLE : EntryShape.create(read);
      }
      case ARRAY -> {
        @Nullable Object[] read = writeTagged(form.tag(), ArrayShape.elements(value), depth);
        yield read == null ? UNWRITABLE : createArray(value.getClass(), read);
      }
      case OPTIONAL -> {
        json.writeStartObject();
        json.writeName(form.tag());
        Object content = write(OptionalShape.content(value), depth + 1);
        if (content == UNWRITABLE) {
          yield UNWRITABLE;
        }
        json.writeEndObject();
        yield OptionalShape.create(value.getClass(), content);
      }
    };
  }

  private @Nullable Object @Nullable [] writeMap(Map<?, ?> map, int depth) {
    if (isTooLarge(map, map.size())) {
      return null;
    }
    @Nullable Object[] read = new @Nullable Object[2 * map.size()];
    int next = 0;
    json.writeStartObject();
    json.writeArrayPropertyStart(CompoundForm.MAP.tag());
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      @Nullable Object[] pair =
          writeAll(new @Nullable Object[] {entry.getKey(), entry.getValue()}, depth);
      if (pair == null) {
        return null;
      }
      read[next++] = pair[0];
      read[next++] = pair[1];
    }
    json.writeEndArray();
    json.writeEndObject();
    return read;
  }

  private boolean isTooLarge(Object collection, int size) {
    if (size <= CompoundForm.MOST_ELEMENTS) {
      return false;
    }
    refuse(collection.getClass(), "has more than " + CompoundForm.MOST_ELEMENTS + " elements");
    return true;
  }

  private Object createArray(Class<?> type, @Nullable Object[] elements) {
    try {
      return ArrayShape.create(type.getComponentType(), elements);
    } catch (IllegalArgumentException e) {
      return refuse(type, "has an element that is read back as an object of another class");
    }
  }

  private @Nullable Object @Nullable [] writeTagged(
      String tag, @Nullable Object[] parts, int depth) {
    json.writeStartObject();
    json.writeName(tag);
    @Nullable Object[] read = writeAll(parts, depth);
    if (read != null) {
      json.writeEndObject();
    }
    return read;
  }

  /** Writes parts, and replaces them by what a node reads; returns null if a part is refused. */
  private @Nullable Object @Nullable [] writeAll(@Nullable Object[] parts, int depth) {
    json.writeStartArray();
    for (int i = 0; i < parts.length; i++) {
      parts[i] = write(parts[i], depth + 1);
      if (parts[i] == UNWRITABLE) {
        return null;
      }
    }
    json.writeEndArray();
    return parts;
  }
}
