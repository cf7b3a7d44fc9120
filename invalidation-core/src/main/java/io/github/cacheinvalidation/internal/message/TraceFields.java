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
 * The optional field {@code trace} of a message: names and values by which a tracing system links
 * the application of the message with its publication, such as {@code traceparent}. It changes
 * nothing that is invalidated: a field that is too long, or not an object of texts, is ignored.
 */
final class TraceFields {

  static final String NAME = "trace";

  private static final int MOST = 8;

  private static final int LONGEST = 256;

  private TraceFields() {}

  /**
   * Returns a body with the field at its end; the body itself if the field is empty or too long.
   */
  static byte[] addTo(byte[] body, Map<String, String> fields) {
    if (fields.isEmpty() || fields.size() > MOST) {
      return body;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 128);
    out.write(body, 0, body.length - 1);
    String separator = ",\"" + NAME + "\":{";
    for (Map.Entry<String, String> each : fields.entrySet()) {
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
    Map<String, String> fields = new HashMap<>();
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
              && fields.size() < MOST;
      if (valid && value != null) {
        fields.put(name, value);
      }
    }
    return valid ? Map.copyOf(fields) : Map.of();
  }
}
