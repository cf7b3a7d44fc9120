package io.github.cacheinvalidation.coherence;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.cacheinvalidation.wire.MessageReader;
import java.util.Arrays;

/** Tells short messages of nodes from all others by how they begin, without reading them. */
final class ShortMessages {

  private static final int NO = -1;

  private static final byte[] AHEAD = "{\"ahead\":\"".getBytes(US_ASCII);

  private static final byte[] POSITION = "{\"pos\":\"".getBytes(US_ASCII);

  private static final byte[] PREDECESSOR = "\",\"prev\":\"".getBytes(US_ASCII);

  private static final byte[] VERSION = "\",\"v\":1,".getBytes(US_ASCII);

  private ShortMessages() {}

  /** Whether it has few keys, and nobody but us will read it. */
  static boolean include(byte[] payload) {
    if (payload.length > MessageReader.SHORT_BYTES) {
      return false;
    }
    int text = after(POSITION, payload, 0);
    text = text == NO ? after(AHEAD, payload, 0) : after(PREDECESSOR, payload, end(payload, text));
    return text != NO && after(VERSION, payload, end(payload, text)) != NO;
  }

  /** Where a text ends that begins there, if it has only what positions are made of. */
  private static int end(byte[] payload, int begin) {
    int end = begin;
    while (end < payload.length && isOfPosition(payload[end])) {
      end++;
    }
    return end;
  }

  private static boolean isOfPosition(byte character) {
    return (character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z')
        || (character >= '0' && character <= '9')
        || character == '-'
        || character == '_'
        || character == '/';
  }

  private static int after(byte[] expected, byte[] payload, int at) {
    int end = at + expected.length;
    return end <= payload.length && Arrays.equals(expected, 0, expected.length, payload, at, end)
        ? end
        : NO;
  }
}
