package io.github.cacheinvalidation.internal.key;

import io.github.cacheinvalidation.KeyCodec;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;

/**
 * Writes keys as typed JSON. Safe for use by many threads. Blocks only if a codec of the
 * application blocks.
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
   * @return the key as JSON in UTF-8; null if the key cannot be encoded: neither a codec nor a
   *     built-in type nor an immutable class fits the key or one of its parts; a codec, accessor or
   *     constructor threw; the key read back is not equal; a number is too long; or the key nests
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
        if (new KeyWriter(json, codecs, key, false).write() != null) {
          return null;
        }
      }
      return out.toByteArray();
    } catch (Exception | LinkageError | StackOverflowError e) {
      log.debug("A key of {} could not be encoded", key.getClass().getName(), e);
      return null;
    }
  }

  /**
   * Returns why a key cannot be encoded. Encodes the key once more, and compares each part of it
   * with what is read back.
   *
   * @param key a key for which {@link #encode} returned null
   * @return the part at fault and the reason
   */
  public Refusal refusal(Object key) {
    Refusal refusal;
    try (JsonGenerator json = Json.generator(OutputStream.nullOutputStream())) {
      refusal = new KeyWriter(json, codecs, key, true).write();
    } catch (RuntimeException | Error broken) {
      return new Refusal(key.getClass(), "has a method that threw " + broken.getClass().getName());
    }
    return refusal == null
        ? new Refusal(key.getClass(), "was not read back as an equal value")
        : refusal;
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
}
