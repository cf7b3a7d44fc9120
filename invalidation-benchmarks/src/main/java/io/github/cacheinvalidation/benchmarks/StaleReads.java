package io.github.cacheinvalidation.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * The result of the reads of one run.
 *
 * @param share the percentage of reads that were stale
 * @param shares the same percentage for each part of the run
 * @param p50 the median age of stale reads in milliseconds; 0 if there are none
 * @param p99 the 99th percentile of their age
 * @param max the greatest age
 * @param left how many entries were still stale after the nodes had settled
 * @param failures how many reads failed
 */
record StaleReads(
    double share, double[] shares, double p50, double p99, double max, int left, int failures) {

  /** The reads of one thread. */
  static final class Reader {

    private final long[] reads;
    private final long[] stale;
    private double[] ages = new double[1024];
    private int count;

    Reader(int windows) {
      reads = new long[windows];
      stale = new long[windows];
    }

    /** Adds a read of a part of the run, with its age or {@link Freshness#FRESH}. */
    void add(int window, long ageNanos) {
      reads[window]++;
      if (ageNanos != Freshness.FRESH) {
        stale[window]++;
        if (count == ages.length) {
          ages = Arrays.copyOf(ages, 2 * count);
        }
        ages[count++] = ageNanos / 1e6;
      }
    }
  }

  static StaleReads of(List<Reader> readers, int left, int failures) {
    int windows = readers.get(0).reads.length;
    double[] shares = new double[windows];
    long allReads = 0;
    long allStale = 0;
    for (int window = 0; window < windows; window++) {
      long reads = 0;
      long stale = 0;
      for (Reader reader : readers) {
        reads += reader.reads[window];
        stale += reader.stale[window];
      }
      shares[window] = reads == 0 ? 0 : 100.0 * stale / reads;
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

  /** Returns the difference of the extreme parts of the run, as a share of the median. */
  double spread() {
    return new Samples(shares).spread();
  }
}
