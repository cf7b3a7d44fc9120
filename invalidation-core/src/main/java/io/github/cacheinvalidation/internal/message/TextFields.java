package io.github.cacheinvalidation.internal.message;

import io.github.cacheinvalidation.internal.key.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The optional fields of a message that are objects of short texts. They change nothing that is
 * invalidated: a field that is too long, or not an object of texts, is ignored.
 */
final class TextFields {

  /**
   * Names and values by which a tracing system links the application of a message with its
   * publication, such as {@code traceparent}.
   */
  static final String TRACE = "trace";

  /** The settings of caches, by the names of the caches. */
  static final String SETTINGS = "settings";

  /** The most texts in a field. */
  static final int MOST = 8;

  private static final int LONGEST = 256;

  private TextFields() {}

  /**
   * Returns a body with a field at its end; the body itself if the field is empty or too long.
   *
   * @param name the name of the field, in ASCII
   */
  static byte[] addTo(byte[] body, String name, Map<String, String> texts) {
    if (texts.isEmpty() || texts.size() > MOST) {
      return body;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 128);
    out.write(body, 0, body.length - 1);
    String separator = ",\"" + name + "\":{";
    for (Map.Entry<String, String> each : texts.entrySet()) {
      if (each.getKey().length() > LONGEST || each.getValue().length() > LONGEST) {
        return body;
      }
      out.writeBytes(separator.getBytes(StandardCharsets.US_ASCII));
      out.writeBytes(Json.quote(each.getKey()));
      out.write(':');
      out.writeBytes(Json.quote(each.getValue()));
      separator = ",";
    }
    out.writeBytes("}}".getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  /** Reads the parser's current value; returns an empty map if it is not such a field. */
  static Map<String, String> read(JsonParser json) {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return Map.of();
    }
    Map<String, String> texts = new HashMap<>();
    boolean valid = true;
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      boolean text = json.nextToken() == JsonToken.VALUE_STRING;
      @Nullable String value = text ? json.getString() : null;
      json.skipChildren();
      valid &=
          value != null
              && name.length() <= LONGEST
              && value.length() <= LONGEST
              && texts.size() < MOST;
      if (valid && value != null) {
        texts.put(name, value);
      }
    }
    return valid ? Map.copyOf(texts) : Map.of();
  }
}
