package io.github.cacheinvalidation.benchmarks;

/**
 * One line of the table.
 *
 * @param figure what was measured
 * @param unit of both measurements
 * @param ours the median of our rounds
 * @param other the median of the other's rounds
 * @param ratio what is judged: ours to the other, or else what the target's unit says
 * @param target what the ratio should be
 * @param spread the widest spread of both, as a share of the median
 */
record Row(
    String figure,
    String unit,
    double ours,
    double other,
    double ratio,
    Target target,
    double spread) {

  /** A row that judges ours to the other. */
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

  /** A row that judges the difference, ours less the other. */
  static Row difference(String figure, String unit, double[] ours, double[] other, Target target) {
    Row row = ratio(figure, unit, ours, other, target);
    return new Row(figure, unit, row.ours, row.other, row.ours - row.other, target, row.spread);
  }

  /**
   * A row that judges the median of the differences within each round, which a machine that grows
   * slower from round to round moves less than the difference of the medians.
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

  /** A row that judges ours alone; the other is there to compare. */
  static Row alone(String figure, String unit, double[] ours, double[] other, Target target) {
    Row row = ratio(figure, unit, ours, other, target);
    return new Row(figure, unit, row.ours, row.other, row.ours, target, row.spread);
  }

  String met() {
    return target.met(ratio);
  }
}
