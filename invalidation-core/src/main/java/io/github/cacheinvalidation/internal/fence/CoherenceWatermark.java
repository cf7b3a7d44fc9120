package io.github.cacheinvalidation.internal.fence;

/**
 * The latest time, on the node's monotonic clock, at which this node knew that it had applied every
 * message that the server had accepted. The receiver's thread writes it; every lookup reads it.
 */
public final class CoherenceWatermark {

  private volatile long nanos;

  /**
   * Creates a watermark.
   *
   * @param nanos the time at which the node began to hold entries, so that no entry is older
   */
  public CoherenceWatermark(long nanos) {
    this.nanos = nanos;
  }

  /** Returns the watermark in nanoseconds of the node's monotonic clock. */
  public long nanos() {
    return nanos;
  }

  /** Advances the watermark; an earlier time changes nothing. */
  public void confirm(long moment) {
    if (moment - nanos > 0) {
      nanos = moment;
    }
  }
}
