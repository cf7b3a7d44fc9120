package io.github.cacheinvalidation.internal.fence;

import java.util.ArrayList;
import java.util.List;

/**
 * The latest time, on the node's monotonic clock, at which this node knew that it had applied every
 * message that the server had accepted. The receivers' threads write it; every lookup reads it.
 */
public final class CoherenceWatermark {

  private final Runnable onAdvance;

  private volatile long nanos;

  /**
   * Creates a watermark.
   *
   * @param nanos the time at which the node began to hold entries, so that no entry is older
   */
  public CoherenceWatermark(long nanos) {
    this(nanos, () -> {});
  }

  private CoherenceWatermark(long nanos, Runnable onAdvance) {
    this.nanos = nanos;
    this.onAdvance = onAdvance;
  }

  /** Returns the watermark in nanoseconds of the node's monotonic clock. */
  public long nanos() {
    return nanos;
  }

  /** Advances the watermark; an earlier time changes nothing. */
  public void confirm(long moment) {
    if (advance(moment)) {
      onAdvance.run();
    }
  }

  private synchronized boolean advance(long moment) {
    boolean later = moment - nanos > 0;
    if (later) {
      nanos = moment;
    }
    return later;
  }

  /**
   * Returns new watermarks, one for each chain that the node follows. They begin where this one is.
   * From then on this one follows the earliest of them; the caller confirms only the new ones.
   *
   * @param chains how many, at least 1
   */
  public List<CoherenceWatermark> split(int chains) {
    return split(List.of(this), chains - 1);
  }

  /**
   * Returns new watermarks: one for the chain of each given watermark, in their order, and then one
   * for each chain on which all of them depend. From then on each given watermark follows the
   * earliest of its own chain and the shared ones; the caller confirms only the new watermarks.
   *
   * @param watermarks the watermarks that follow, at least one
   * @param shared how many chains they share
   */
  public static List<CoherenceWatermark> split(List<CoherenceWatermark> watermarks, int shared) {
    List<CoherenceWatermark> ofAll = new ArrayList<>();
    List<CoherenceWatermark> chains = new ArrayList<>();
    List<Runnable> followers = new ArrayList<>();
    for (CoherenceWatermark each : watermarks) {
      List<CoherenceWatermark> parts = new ArrayList<>();
      Runnable follower = () -> each.confirm(earliest(parts, ofAll));
      CoherenceWatermark chain = new CoherenceWatermark(each.nanos, follower);
      parts.add(chain);
      chains.add(chain);
      followers.add(follower);
    }
    long begin = earliest(watermarks, List.of());
    for (int i = 0; i < shared; i++) {
      ofAll.add(new CoherenceWatermark(begin, () -> followers.forEach(Runnable::run)));
    }
    chains.addAll(ofAll);
    return List.copyOf(chains);
  }

  private static long earliest(List<CoherenceWatermark> first, List<CoherenceWatermark> others) {
    long earliest = first.get(0).nanos();
    for (List<CoherenceWatermark> each : List.of(first, others)) {
      for (CoherenceWatermark part : each) {
        long moment = part.nanos();
        if (moment - earliest < 0) {
          earliest = moment;
        }
      }
    }
    return earliest;
  }
}
