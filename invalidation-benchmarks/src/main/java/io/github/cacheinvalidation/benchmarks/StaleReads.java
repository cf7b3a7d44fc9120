package io.github.cacheinvalidation.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * The result of one run.
 *
 * @param share the share of stale reads in per cent, of the reads of all rounds. Not the median of
 *     the rounds: an entry that is stale for long is rare, and most rounds have none
 * @param shares the same of each round
 * @param p50 the median age of stale reads in milliseconds; 0 if there are none
 * @param p99 their 99th percentile
 * @param max the greatest age
 * @param left how many entries were stale for good when all had settled
 * @param failures how many reads were not answered
 */
record StaleReads(
    double share, double[] shares, double p50, double p99, double max, int left, int failures) {

  /** The reads of one thread. */
  static final class Reader {

    private final long[] reads; // of each round
    private final long[] stale;
    private double[] ages = new double[1024];
    private int count;

    Reader(int rounds) {
      reads = new long[rounds];
      stale = new long[rounds];
    }

    /** Adds a read of a round with its age or {@link Freshness#FRESH}. */
    void add(int round, long ageNanos) {
      reads[round]++;
      if (ageNanos != Freshness.FRESH) {
        stale[round]++;
        if (count == ages.length) {
          ages = Arrays.copyOf(ages, 2 * count);
        }
        ages[count++] = ageNanos / 1e6;
      }
    }
  }

  static StaleReads of(List<Reader> readers, int left, int failures) {
    int rounds = readers.get(0).reads.length;
    double[] shares = new double[rounds];
    long allReads = 0;
    long allStale = 0;
    for (int round = 0; round < rounds; round++) {
      long reads = 0;
      long stale = 0;
      for (Reader reader : readers) {
        reads += reader.reads[round];
        stale += reader.stale[round];
      }
      shares[round] = reads == 0 ? 0 : 100.0 * stale / reads;
      allReads += reads;
      allStale += stale;
    }
    if (allReads == 0) {
      throw new VoidRunException("nothing was read");
    }
    double[] ages =
        readers.stream()
            .flatMapToDouble(reader -> Arrays.stream(reader.ages, 0, reader.count))
            .toArray();
    Samples sorted = new Samples(ages.length == 0 ? new double[1] : ages);
    return new StaleReads(
        100.0 * allStale / allReads,
        shares,
        sorted.median(),
        sorted.percentile(99),
        sorted.max(),
        left,
        failures);
  }

  /** How far the rounds are apart, as a share of the median. */
  double spread() {
    return new Samples(shares).spread();
  }
}
