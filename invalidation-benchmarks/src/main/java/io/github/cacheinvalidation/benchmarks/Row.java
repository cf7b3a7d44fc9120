package io.github.cacheinvalidation.benchmarks;

/**
 * One row of the table.
 *
 * @param figure the name of the measurement
 * @param unit the unit of both measurements
 * @param ours the median of our rounds
 * @param other the median of the rounds of the other
 * @param ratio the judged number: our result divided by the other, or a number in the unit of the
 *     target
 * @param target the target of the judged number
 * @param spread the larger spread of the two, as a share of the median
 */
record Row(
    String figure,
    String unit,
    double ours,
    double other,
    double ratio,
    Target target,
    double spread) {

  /** Returns a row that judges our result divided by the other. */
  static Row ratio(String figure, String unit, double[] ours, double[] other, Target target) {
    Samples mine = new Samples(ours);
    Samples others = new Samples(other);
    return new Row(
        figure,
        unit,
        mine.median(),
        others.median(),
        mine.median() / others.median(),
        target,
        Math.max(mine.spread(), others.spread()));
  }

  /** Returns a row that judges our result minus the other. */
  static Row difference(String figure, String unit, double[] ours, double[] other, Target target) {
    Row row = ratio(figure, unit, ours, other, target);
    return new Row(figure, unit, row.ours, row.other, row.ours - row.other, target, row.spread);
  }

  /**
   * Returns a row that judges the median of the differences within each round. A machine that
   * becomes slower from round to round affects this less than the difference of the medians.
   */
  static Row pairedDifference(
      String figure, String unit, double[] ours, double[] other, Target target) {
    Row row = ratio(figure, unit, ours, other, target);
    double[] differences = new double[ours.length];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = ours[i] - other[i];
    }
    double median = new Samples(differences).median();
    return new Row(figure, unit, row.ours, row.other, median, target, row.spread);
  }

  /** Returns a row that judges our result alone. The other result is for comparison. */
  static Row alone(String figure, String unit, double[] ours, double[] other, Target target) {
    Row row = ratio(figure, unit, ours, other, target);
    return new Row(figure, unit, row.ours, row.other, row.ours, target, row.spread);
  }

  String met() {
    return target.met(ratio);
  }
}
