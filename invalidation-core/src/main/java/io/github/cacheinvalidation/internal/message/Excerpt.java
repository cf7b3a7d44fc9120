package io.github.cacheinvalidation.internal.message;

import java.nio.charset.StandardCharsets;

/**
 * The beginning of a text that any sender may have chosen, in a form that is safe to log: at most
 * 100 characters, with '?' for characters that cannot be printed.
 */
public final class Excerpt {

  private static final int MOST = 100;

  private Excerpt() {}

  /** Returns the beginning of a text. */
  public static String of(String text) {
    StringBuilder excerpt = new StringBuilder(Math.min(text.length(), MOST));
    text.codePoints()
        .limit(MOST)
        .map(point -> isPrintable(point) ? point : '?')
        .forEach(excerpt::appendCodePoint);
    return excerpt.toString();
  }

  /** Returns the same, followed by three dots if the text is longer. */
  public static String withDots(String text) {
    return text.codePointCount(0, text.length()) > MOST ? of(text) + "..." : of(text);
  }

  /**
   * Returns the beginning of a text in UTF-8; bytes of other texts become replacement characters.
   */
  static String of(byte[] text) {
    return of(new String(text, 0, Math.min(text.length, MOST), StandardCharsets.UTF_8));
  }

  private static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
