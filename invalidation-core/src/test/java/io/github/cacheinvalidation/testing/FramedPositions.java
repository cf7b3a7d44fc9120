package io.github.cacheinvalidation.testing;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The positions at the head of a framed message. */
final class FramedPositions {

  private static final Pattern HEAD =
      Pattern.compile("^\\{\"pos\":\"([^\"]+)\",\"prev\":\"([^\"]*)\"");

  private FramedPositions() {}

  /** Gives both positions another random id; a message without positions stays as it is. */
  static byte[] fork(byte[] payload, String suffix) {
    String text = new String(payload, StandardCharsets.ISO_8859_1);
    return HEAD.matcher(text)
        .replaceFirst(
            head -> {
              String prev = head.group(2).isEmpty() ? "" : head.group(2) + suffix;
              return "{\"pos\":\"" + head.group(1) + suffix + "\",\"prev\":\"" + prev + "\"";
            })
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
