package io.github.cacheinvalidation.benchmarks;

import java.util.Arrays;

/** Numbers of one kind, without order. */
final class Samples {

  private final double[] sorted;

  Samples(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("'values' must not be empty");
    }
    this.sorted = values.clone();
    Arrays.sort(sorted);
  }

  double median() {
    return percentile(50);
  }

  /**
   * Returns the smallest sample that is at least as large as the given percentage of the samples.
   * The median of an even number of samples is the mean of the middle two.
   */
  double percentile(double percent) {
    if (percent == 50 && sorted.length % 2 == 0) {
      return (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
    }
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.max(0, Math.min(sorted.length, rank) - 1)];
  }

  double min() {
    return sorted[0];
  }

  double max() {
    return sorted[sorted.length - 1];
  }

  /** Returns the difference of the extremes, as a share of the median. */
  double spread() {
    return median() == 0 ? 0 : (max() - min()) / median();
  }
}
