package io.github.cacheinvalidation.internal.fence;

/**
 * The last moment at which this node knew that it had applied everything that the server had
 * accepted, on the node's monotonic clock. Written by the receiver's thread, read by every lookup.
 */
public final class CoherenceWatermark {

  private volatile long nanos;

  /**
   * Creates a confirmation.
   *
   * @param nanos the moment at which the node began to hold anything, so that nothing it holds is
   *     older
   */
  public CoherenceWatermark(long nanos) {
    this.nanos = nanos;
  }

  /** Returns the last confirmed moment in nanoseconds of the node's monotonic clock. */
  public long nanos() {
    return nanos;
  }

  /** Moves the confirmed moment on; an earlier one changes nothing. */
  public void confirm(long moment) {
    if (moment - nanos > 0) {
      nanos = moment;
    }
  }
}
