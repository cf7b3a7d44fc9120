package io.github.cacheinvalidation.test;

import org.assertj.core.presentation.StandardRepresentation;
import org.jspecify.annotations.Nullable;

/** A value as a failed assertion shows it. */
final class Text {

  private static final int LONGEST = 200;

  private Text() {}

  static String of(@Nullable Object value) {
    return value == null
        ? "null"
        : shortened(StandardRepresentation.STANDARD_REPRESENTATION.toStringOf(value));
  }

  /** Returns the message of a failure without its line breaks. */
  static String ofMessage(Throwable failure) {
    String message = failure.getMessage();
    String text = message == null ? "" : message.strip().replaceAll("\\s+", " ");
    return shortened(
        failure instanceof AssertionError ? text : failure.getClass().getName() + " " + text);
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }
}
