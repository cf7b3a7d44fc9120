package io.github.cacheinvalidation.internal.outbox;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Lets writers wait for room in the outbox while the channel accepts messages. A writer does not
 * wait while the channel fails, or after the channel has accepted nothing for so long that it
 * counts as failing. All methods are called under the lock of the outbox; a waiting writer releases
 * the lock.
 */
final class Backpressure {

  private final Condition changed;

  private final long patienceNanos;

  private final LongSupplier nanos;

  private long progressNanos;

  /**
   * Creates the backpressure of an outbox.
   *
   * @param changed a condition of the lock of the outbox
   * @param patience how long a channel may accept nothing and still count as working
   * @param nanos the monotonic clock
   */
  Backpressure(Condition changed, Duration patience, LongSupplier nanos) {
    this.changed = changed;
    this.patienceNanos = patience.toNanos();
    this.nanos = nanos;
  }

  /**
   * The channel has accepted a message, or gets the first one after a pause, or the sender was set
   * or removed. Wakes waiting writers.
   */
  void progressed() {
    progressNanos = nanos.getAsLong();
    changed.signalAll();
  }

  /** The channel has failed. Wakes waiting writers. */
  void failed() {
    changed.signalAll();
  }

  /** Whether the channel has made no progress for so long that it counts as failing. */
  boolean isStalled() {
    return untilStalled() <= 0;
  }

  private long untilStalled() {
    return progressNanos + patienceNanos - nanos.getAsLong();
  }

  /**
   * Waits until the outbox has room. Does not wait on a node thread, because the channel may need
   * that thread to make room. An interrupt ends the wait; the thread stays interrupted.
   *
   * @param full whether the outbox has no room
   * @param working whether there is a sender and its last attempt did not fail
   * @param longestNanos the longest wait in nanoseconds
   */
  void await(BooleanSupplier full, BooleanSupplier working, long longestNanos) {
    if (NodeThreads.includeCurrent()) {
      return;
    }
    long left = longestNanos;
    try {
      while (full.getAsBoolean() && working.getAsBoolean() && left > 0 && !isStalled()) {
        long rest = Math.min(left, Math.max(1, untilStalled()));
        left -= rest - changed.awaitNanos(rest);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
