package io.github.cacheinvalidation.internal.outbox;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Lets other threads run after a direct publication, if the write is quiet. The channel's thread,
 * Redis and the receivers may wait for the processor that the writer uses. A busy writer does not
 * yield, because it would wait at each key. A write is busy if it follows another within {@link
 * #QUIET}, or if keys were just left to the sender. Safe for use by any thread.
 */
final class WriterYield {

  /** A write is quiet if more than this time has passed since the last direct publication. */
  static final Duration QUIET = Duration.ofMillis(1);

  private final LongSupplier clock;

  private final Runnable giveWay;

  private volatile long lastNanos;

  /** Whether keys were left to the sender since the last direct publication. */
  private volatile boolean gathered;

  /**
   * Creates a yield whose first write is quiet.
   *
   * @param clock a monotonic clock in nanoseconds
   * @param giveWay lets other threads run and returns soon
   */
  WriterYield(LongSupplier clock, Runnable giveWay) {
    this.clock = clock;
    this.giveWay = giveWay;
    this.lastNanos = clock.getAsLong() - QUIET.toNanos() - 1;
  }

  /** Called by a writer whose keys are left to the sender. Reads no clock, to stay fast. */
  void afterBatch() {
    if (!gathered) {
      gathered = true;
    }
  }

  /** Called by a writer after it handed over a direct publication. */
  void afterHandOver() {
    if (!gathered && clock.getAsLong() - lastNanos > QUIET.toNanos()) {
      giveWay.run();
    }
    gathered = false;
    lastNanos = clock.getAsLong(); // after the yield, which may take long on a busy machine
  }
}
