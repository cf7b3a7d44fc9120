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
    List<CoherenceWatermark> parts = new ArrayList<>();
    for (int i = 0; i < chains; i++) {
      parts.add(new CoherenceWatermark(nanos, () -> confirm(earliest(parts))));
    }
    return List.copyOf(parts);
  }

  private static long earliest(List<CoherenceWatermark> parts) {
    long earliest = parts.get(0).nanos();
    for (CoherenceWatermark part : parts) {
      long moment = part.nanos();
      if (moment - earliest < 0) {
        earliest = moment;
      }
    }
    return earliest;
  }
}
