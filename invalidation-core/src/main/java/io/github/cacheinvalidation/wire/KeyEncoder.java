package io.github.cacheinvalidation.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cache.interceptor.SimpleKey;
import tools.jackson.core.JsonGenerator;

/**
 * Writes keys as typed JSON. Safe for use by many threads; blocks only if a codec of the
 * application does.
 */
public final class KeyEncoder {

  private static final Logger log = LoggerFactory.getLogger(KeyEncoder.class);

  private final Codecs codecs;

  /**
   * Creates an encoder.
   *
   * @param codecs the codecs of the application
   * @throws IllegalArgumentException if two codecs have the same name or type
   */
  public KeyEncoder(List<? extends KeyCodec<?>> codecs) {
    this.codecs = new Codecs(codecs);
  }

  /**
   * Writes a key. Equal keys of one class need not give equal bytes; but a node that uses the same
   * types reads an equal key from them.
   *
   * @param key the key
   * @return the key as JSON in UTF-8; null if nobody can encode it: no codec and no built-in type
   *     fits it or one of its parts, a codec or accessor threw, a number is too long, or it nests
   *     too deep
   */
  public byte @Nullable [] encode(Object key) {
    try {
      if (codecs.of(key.getClass()) == null) {
        if (key instanceof Long || key instanceof Integer) {
          return digits(((Number) key).longValue());
        }
        if (key instanceof String text) {
          return Json.quote(text);
        }
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream(128);
      try (JsonGenerator json = Json.generator(out)) {
        if (!write(json, key, 1)) {
          return null;
        }
      }
      return out.toByteArray();
    } catch (Exception | LinkageError | StackOverflowError e) {
      log.debug("A key of {} could not be encoded", key.getClass().getName(), e);
      return null;
    }
  }

  /** Returns a key that is a whole number and written as such, whatever its width; null if not. */
  public @Nullable Number wholeNumber(Object key) {
    return (key instanceof Long || key instanceof Integer) && codecs.of(key.getClass()) == null
        ? (Number) key
        : null;
  }

  private static byte[] digits(long value) {
    if (value == Long.MIN_VALUE) {
      return Long.toString(value).getBytes(StandardCharsets.ISO_8859_1);
    }
    int length = value < 0 ? 2 : 1;
    long left = Math.abs(value);
    for (long rest = left; rest >= 10; rest /= 10) {
      length++;
    }
    byte[] digits = new byte[length];
    digits[0] = '-';
    for (int i = length - 1; i >= (value < 0 ? 1 : 0); i--) {
      digits[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
    return digits;
  }

  private boolean write(JsonGenerator json, @Nullable Object value, int depth)
      throws ReflectiveOperationException {
    if (value == null) {
      json.writeNull();
      return true;
    }
    if (depth > Json.MAX_KEY_DEPTH) {
      return false;
    }
    KeyCodec<?> codec = codecs.of(value.getClass());
    if (codec != null) {
      writePair(json, "codec", codec.name(), Codecs.encode(codec, value));
      return true;
    }
    ScalarType scalar = ScalarType.of(value.getClass());
    if (scalar != null) {
      return writeScalar(json, scalar, value);
    }
    if (value instanceof Enum<?> constant) {
      writePair(json, "enum", constant.getDeclaringClass().getName(), constant.name());
      return true;
    }
    if (value instanceof Record) {
      return writeRecord(json, value, depth);
    }
    if (value.getClass() == SimpleKey.class) {
      @Nullable Object[] elements = SimpleKeys.elements((SimpleKey) value);
      if (elements == null) {
        return false;
      }
      json.writeStartObject();
      json.writeName("key");
      boolean written = writeAll(json, Arrays.asList(elements), depth);
      json.writeEndObject();
      return written;
    }
    return value instanceof List<?> list && writeAll(json, list, depth);
  }

  private static boolean writeScalar(JsonGenerator json, ScalarType type, Object value) {
    String text = type.write(value);
    if (text == null) {
      return false;
    }
    switch (type.form()) {
      case TEXT -> json.writeString(text);
      case BOOLEAN -> json.writeBoolean("true".equals(text));
      case INTEGER -> {
        if (text.length() > Json.MAX_NUMBER_LENGTH) {
          return false;
        }
        json.writeNumber(text);
      }
      case TAGGED -> {
        json.writeStartObject();
        json.writeStringProperty(type.tag(), text);
        json.writeEndObject();
      }
    }
    return true;
  }

  private boolean writeRecord(JsonGenerator json, Object value, int depth)
      throws ReflectiveOperationException {
    RecordLayout layout = RecordLayout.of(value.getClass());
    if (layout == null) {
      return false;
    }
    json.writeStartObject();
    json.writeArrayPropertyStart("record");
    json.writeString(layout.type().getName());
    json.writeStartArray();
    for (int i = 0; i < layout.size(); i++) {
      if (!write(json, layout.component(value, i), depth + 1)) {
        return false;
      }
    }
    json.writeEndArray();
    json.writeEndArray();
    json.writeEndObject();
    return true;
  }

  private boolean writeAll(JsonGenerator json, List<?> elements, int depth)
      throws ReflectiveOperationException {
    json.writeStartArray();
    for (Object element : elements) {
      if (!write(json, element, depth + 1)) {
        return false;
      }
    }
    json.writeEndArray();
    return true;
  }

  private static void writePair(JsonGenerator json, String tag, String name, String text) {
    json.writeStartObject();
    json.writeArrayPropertyStart(tag);
    json.writeString(name);
    json.writeString(text);
    json.writeEndArray();
    json.writeEndObject();
  }
}
