package io.github.cacheinvalidation.channel.local;

import io.github.cacheinvalidation.wire.Position;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The bytes that subscribers get: a message with its position and that of its predecessor. */
final class Frame {

  private Frame() {}

  static byte[] of(Position position, @Nullable Position predecessor, byte[] body) {
    String prev = predecessor == null ? "" : predecessor.toString();
    byte[] head =
        ("{\"pos\":\"" + position + "\",\"prev\":\"" + prev + "\"")
            .getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream frame = new ByteArrayOutputStream(head.length + body.length);
    frame.writeBytes(head);
    if (!isEmptyObject(body)) {
      frame.write(',');
    }
    frame.write(body, 1, body.length - 1);
    return frame.toByteArray();
  }

  private static boolean isEmptyObject(byte[] body) {
    return body.length == 2 && body[1] == '}';
  }
}
