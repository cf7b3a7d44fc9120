package io.github.cacheinvalidation.internal.outbox;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Lets others run after a quiet write was handed over. The thread that publishes, Redis and the
 * receivers may wait for the very processor that the writer would go on to use. A writer that
 * writes again at once, or whose keys have just gathered for the sender, does not give way: it
 * would wait for each of its keys. Safe for use by any thread.
 */
final class WriterYield {

  /** A write that comes sooner after another is not a quiet one. */
  static final Duration QUIET = Duration.ofMillis(1);

  private final LongSupplier clock;

  private final Runnable giveWay;

  private volatile long lastNanos;

  /** Whether keys have gathered since the last that were handed over. */
  private volatile boolean gathered;

  /**
   * Creates it.
   *
   * @param clock a monotonic clock in nanoseconds
   * @param giveWay lets other threads run and returns soon
   */
  WriterYield(LongSupplier clock, Runnable giveWay) {
    this.clock = clock;
    this.giveWay = giveWay;
    this.lastNanos = clock.getAsLong() - QUIET.toNanos() - 1;
  }

  /** Called by a writer whose keys gather for the sender; reads no clock, since it may be busy. */
  void afterBatch() {
    if (!gathered) {
      gathered = true;
    }
  }

  /** Called by a writer whose keys were handed over. */
  void afterHandOver() {
    if (!gathered && clock.getAsLong() - lastNanos > QUIET.toNanos()) {
      giveWay.run();
    }
    gathered = false;
    lastNanos = clock.getAsLong(); // after giving way, which takes a while where all is busy
  }
}
