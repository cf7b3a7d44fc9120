package io.github.cacheinvalidation.internal.judge;

/**
 * What the judge of a node has found in one cache.
 *
 * @param cache the name of the cache
 * @param checked how many entries it has decided about
 * @param mismatches how many of them were stale for longer than the staleness bound
 * @param failures how often it could not read or compare
 */
public record JudgeStatistics(String cache, long checked, long mismatches, long failures) {

  /** Returns the share of the entries that were not stale; not a number before the first one. */
  public double consistency() {
    return checked == 0 ? Double.NaN : 1 - (double) mismatches / checked;
  }
}
