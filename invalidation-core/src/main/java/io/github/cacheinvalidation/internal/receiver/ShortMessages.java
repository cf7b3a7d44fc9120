package io.github.cacheinvalidation.internal.receiver;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.internal.message.MessageReader;
import java.util.Arrays;

/** Tells short messages of nodes from all others by how they begin, without reading them. */
final class ShortMessages {

  private static final byte[] VERSION = "{\"v\":1,".getBytes(US_ASCII);

  private ShortMessages() {}

  /** Whether it has few keys, and nobody but us will read it. */
  static boolean include(Delivery delivery) {
    return (delivery.position() != null || delivery.ahead() != null)
        && !delivery.open()
        && delivery.size() <= MessageReader.SHORT_BYTES
        && begins(delivery.body());
  }

  private static boolean begins(byte[] body) {
    int length = VERSION.length;
    return body.length >= length && Arrays.equals(VERSION, 0, length, body, 0, length);
  }
}
