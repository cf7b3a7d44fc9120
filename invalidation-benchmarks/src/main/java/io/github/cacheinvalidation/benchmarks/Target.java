package io.github.cacheinvalidation.benchmarks;

import java.util.Locale;

/** What a ratio should be. */
record Target(Kind kind, double bound) {

  enum Kind {
    AT_MOST,
    AT_LEAST,
    NONE
  }

  static Target atMost(double bound) {
    return new Target(Kind.AT_MOST, bound);
  }

  static Target atLeast(double bound) {
    return new Target(Kind.AT_LEAST, bound);
  }

  /** A figure that is shown and not judged. */
  static Target none() {
    return new Target(Kind.NONE, 0);
  }

  /** Returns {@code yes}, {@code no}, or {@code -} where there is nothing to meet. */
  String met(double ratio) {
    return switch (kind) {
      case AT_MOST -> ratio <= bound ? "yes" : "no";
      case AT_LEAST -> ratio >= bound ? "yes" : "no";
      case NONE -> "-";
    };
  }

  @Override
  public String toString() {
    return switch (kind) {
      case AT_MOST -> "<= " + number(bound);
      case AT_LEAST -> ">= " + number(bound);
      case NONE -> "-";
    };
  }

  /** Three or more significant digits, never in scientific notation. */
  static String number(double value) {
    double size = Math.abs(value);
    String format = size >= 1000 ? "%.0f" : size >= 100 ? "%.1f" : size >= 1 ? "%.2f" : "%.4f";
    String text = String.format(Locale.ROOT, format, value);
    return text.indexOf('.') < 0 ? text : text.replaceAll("0+$", "").replaceAll("\\.$", "");
  }
}
