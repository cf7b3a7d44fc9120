package io.github.cacheinvalidation.internal.receiver;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.internal.message.MessageReader;
import java.util.Arrays;

/** Recognizes short messages of nodes by their first bytes, without parsing them. */
final class ShortMessages {

  private static final byte[] VERSION = "{\"v\":1,".getBytes(US_ASCII);

  private ShortMessages() {}

  /** Returns whether a message has few keys, and needs no reader of the application. */
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
