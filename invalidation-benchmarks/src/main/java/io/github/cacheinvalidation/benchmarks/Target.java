package io.github.cacheinvalidation.benchmarks;

import java.util.Locale;

/**
 * The target of the judged number of a row.
 *
 * @param kind which side of the bound meets the target
 * @param bound the bound
 * @param unit the unit of the bound; empty for a ratio
 */
record Target(Kind kind, double bound, String unit) {

  enum Kind {
    AT_MOST,
    AT_LEAST,
    NONE
  }

  static Target atMost(double bound) {
    return atMost(bound, "");
  }

  static Target atMost(double bound, String unit) {
    return new Target(Kind.AT_MOST, bound, unit);
  }

  static Target atLeast(double bound) {
    return new Target(Kind.AT_LEAST, bound, "");
  }

  /** Returns the target of a figure that is shown but not judged. */
  static Target none() {
    return new Target(Kind.NONE, 0, "");
  }

  /** Returns {@code yes}, {@code no}, or {@code -} if there is no target. */
  String met(double judged) {
    return switch (kind) {
      case AT_MOST -> judged <= bound ? "yes" : "no";
      case AT_LEAST -> judged >= bound ? "yes" : "no";
      case NONE -> "-";
    };
  }

  @Override
  public String toString() {
    String text = (number(bound) + " " + unit).strip();
    return switch (kind) {
      case AT_MOST -> "<= " + text;
      case AT_LEAST -> ">= " + text;
      case NONE -> "-";
    };
  }

  /** Formats a number with four or more significant digits, never in scientific notation. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    double size = Math.abs(value);
    String format =
        size >= 1000
            ? "%.0f"
            : size >= 100 ? "%.1f" : size >= 10 ? "%.2f" : size >= 1 ? "%.3f" : "%.4f";
    String text = String.format(Locale.ROOT, format, value);
    return text.indexOf('.') < 0 ? text : text.replaceAll("0+$", "").replaceAll("\\.$", "");
  }
}
