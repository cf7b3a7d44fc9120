package io.github.cacheinvalidation.internal.outbox;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;

/**
 * Lets writers wait for room in the outbox while the channel accepts messages. A writer never waits
 * while the channel fails, nor beyond the time after which a channel without an answer counts as
 * failing. All methods are called under the lock of the outbox; a waiting writer does not hold it.
 */
final class Backpressure {

  /** The names of all threads of nodes begin so; the channel may need each of them. */
  private static final String NODE_THREADS = "cache-invalidation-";

  private final Condition changed;

  private final long patienceNanos;

  private long progressNanos;

  /**
   * Creates it.
   *
   * @param changed a condition of the lock of the outbox
   * @param patience how long a channel may accept nothing and still count as working
   */
  Backpressure(Condition changed, Duration patience) {
    this.changed = changed;
    this.patienceNanos = patience.toNanos();
  }

  /** The channel was given the first message after a pause, or has accepted one. */
  void progressed() {
    progressNanos = System.nanoTime();
    changed.signalAll();
  }

  /** The channel has failed, or is not used any more. */
  void failed() {
    changed.signalAll();
  }

  /** Whether the last progress is so long ago that the channel counts as failing. */
  boolean isStalled() {
    return untilStalled() <= 0;
  }

  private long untilStalled() {
    return progressNanos + patienceNanos - System.nanoTime();
  }

  /**
   * Waits until there is room. Does not wait on a thread of a node, which the channel may need to
   * make room.
   *
   * @param full whether there is no room
   * @param working whether the channel is used and does not fail
   * @param longestNanos how long to wait at most
   */
  void await(BooleanSupplier full, BooleanSupplier working, long longestNanos) {
    if (Thread.currentThread().getName().startsWith(NODE_THREADS)) {
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
