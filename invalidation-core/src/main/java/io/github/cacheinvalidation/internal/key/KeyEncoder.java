package io.github.cacheinvalidation.internal.key;

import io.github.cacheinvalidation.KeyCodec;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cache.interceptor.SimpleKey;
import tools.jackson.core.JsonGenerator;

/**
 * Writes keys as typed JSON. Safe for use by many threads. Blocks only if a codec of the
 * application blocks.
 */
public final class KeyEncoder {

  private static final Logger log = LoggerFactory.getLogger(KeyEncoder.class);

  /** Result for a value that cannot be written. */
  private static final Object UNWRITABLE = new Object();

  private final Codecs codecs;

  /**
   * Creates an encoder.
   *
   * @param codecs the codecs of the application
   * @throws IllegalArgumentException if two codecs have the same name or type
   */
  public KeyEncoder(List<? extends KeyCodec<?>> codecs) {
    this(new Codecs(codecs));
  }

  KeyEncoder(Codecs codecs) {
    this.codecs = codecs;
  }

  /**
   * Writes a key. Equal keys of one class can have different bytes, but a node that uses the same
   * types reads an equal key from them.
   *
   * @param key the key
   * @return the key as JSON in UTF-8; null if the key cannot be encoded: no codec and no built-in
   *     type fits the key or one of its parts; a codec, accessor or constructor threw; the key read
   *     back is not equal; a number is too long; or the key nests too deep
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
        if (!isReadAs(key, write(json, key, 1))) {
          return null;
        }
      }
      return out.toByteArray();
    } catch (Exception | LinkageError | StackOverflowError e) {
      log.debug("A key of {} could not be encoded", key.getClass().getName(), e);
      return null;
    }
  }

  /** Returns the key if it is an Integer or a Long without a codec; otherwise null. */
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

  /** Checks that the value read back equals the key: an accessor or a codec can alter it. */
  private static boolean isReadAs(Object key, @Nullable Object read) {
    return read == key
        || (read != null
            && read.equals(key)
            && key.equals(read)
            && read.hashCode() == key.hashCode());
  }

  /** Writes a value. Returns the value that a node reads from it, or {@link #UNWRITABLE}. */
  private @Nullable Object write(JsonGenerator json, @Nullable Object value, int depth)
      throws Exception {
    if (value == null) {
      json.writeNull();
      return null;
    }
    if (depth > Json.MAX_KEY_DEPTH) {
      return UNWRITABLE;
    }
    KeyCodec<?> codec = codecs.of(value.getClass());
    if (codec != null) {
      String text = Codecs.encode(codec, value);
      writePair(json, "codec", codec.name(), text);
      return codec.decode(text);
    }
    ScalarType scalar = ScalarType.of(value.getClass());
    if (scalar != null) {
      return writeScalar(json, scalar, value) ? value : UNWRITABLE;
    }
    if (value instanceof Enum<?> constant) {
      writePair(json, "enum", constant.getDeclaringClass().getName(), constant.name());
      return value;
    }
    if (value instanceof Record) {
      return writeRecord(json, value, depth);
    }
    if (value.getClass() == SimpleKey.class) {
      @Nullable Object[] elements = SimpleKeys.elements((SimpleKey) value);
      if (elements == null) {
        return UNWRITABLE;
      }
      json.writeStartObject();
      json.writeName("key");
      @Nullable Object[] read = writeAll(json, Arrays.asList(elements), depth);
      json.writeEndObject();
      return read == null ? UNWRITABLE : new SimpleKey(read);
    }
    @Nullable Object[] read = value instanceof List<?> list ? writeAll(json, list, depth) : null;
    return read == null ? UNWRITABLE : Collections.unmodifiableList(Arrays.asList(read));
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

  private Object writeRecord(JsonGenerator json, Object value, int depth) throws Exception {
    RecordLayout layout = RecordLayout.of(value.getClass());
    if (layout == null) {
      return UNWRITABLE;
    }
    @Nullable Object[] read = new @Nullable Object[layout.size()];
    json.writeStartObject();
    json.writeArrayPropertyStart("record");
    json.writeString(layout.name());
    json.writeStartArray();
    for (int i = 0; i < read.length; i++) {
      read[i] = write(json, layout.component(value, i), depth + 1);
      if (read[i] == UNWRITABLE) {
        return UNWRITABLE;
      }
    }
    json.writeEndArray();
    json.writeEndArray();
    json.writeEndObject();
    return layout.create(read);
  }

  private @Nullable Object @Nullable [] writeAll(JsonGenerator json, List<?> elements, int depth)
      throws Exception {
    @Nullable Object[] read = new @Nullable Object[elements.size()];
    json.writeStartArray();
    for (int i = 0; i < read.length; i++) {
      read[i] = write(json, elements.get(i), depth + 1);
      if (read[i] == UNWRITABLE) {
        return null;
      }
    }
    json.writeEndArray();
    return read;
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
