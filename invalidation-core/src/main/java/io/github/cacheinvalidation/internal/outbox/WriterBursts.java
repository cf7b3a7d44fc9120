package io.github.cacheinvalidation.internal.outbox;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How much the threads of writers have waited in their present bursts. A burst is a series of
 * direct publications of one thread, each at most {@link #QUIET} after the one before or after the
 * end of its wait. A burst may wait a few times, and for a limited time in total, so that a loop
 * over many keys does not wait at each key.
 *
 * <p>Threads whose ids are equal modulo {@value #THREADS} count as the same thread. Safe for use by
 * any thread.
 */
final class WriterBursts {

  /** A burst ends if its thread publishes nothing directly for more than this time. */
  static final Duration QUIET = Duration.ofMillis(1);

  /** How often a burst may wait, so that a method with a few evictions waits for each. */
  static final int MOST_WAITS = 10;

  /**
   * How long one wait may take. A nearby Redis accepts in a fraction of a millisecond. On a busy
   * machine, something else can keep a processor from Redis or from the node for some tens of
   * milliseconds.
   */
  static final Duration LONGEST = Duration.ofMillis(50);

  /** How long a burst may wait in total. */
  static final Duration LONGEST_OF_BURST = Duration.ofMillis(200);

  private static final int THREADS = 64;

  private final AtomicLongArray lastNanos = new AtomicLongArray(THREADS);

  private final AtomicLongArray waitedNanos = new AtomicLongArray(THREADS);

  private final AtomicIntegerArray waits = new AtomicIntegerArray(THREADS);

  /** 1 for a thread whose last keys were left to the sender. */
  private final AtomicIntegerArray left = new AtomicIntegerArray(THREADS);

  /**
   * Creates the bursts of threads that have published nothing yet.
   *
   * @param now the present time of a monotonic clock in nanoseconds
   */
  WriterBursts(long now) {
    for (int thread = 0; thread < THREADS; thread++) {
      lastNanos.set(thread, now - QUIET.toNanos() - 1);
    }
  }

  /** Notes that keys of the calling thread are left to the sender. Reads no clock, to stay fast. */
  void leftToSender() {
    int thread = thread();
    if (left.get(thread) == 0) {
      left.set(thread, 1);
    }
  }

  /**
   * Notes a direct publication of the calling thread.
   *
   * @return whether the thread may wait for it; not if its last keys were left to the sender
   */
  boolean published(long now) {
    int thread = thread();
    boolean gathered = left.getAndSet(thread, 0) == 1;
    boolean quiet = now - lastNanos.getAndSet(thread, now) > QUIET.toNanos();
    if (quiet && !gathered) {
      waits.set(thread, 0);
      waitedNanos.set(thread, 0);
    }
    return !gathered;
  }

  /** Returns how long the calling thread may wait now; zero if not at all. */
  Duration longestWait() {
    int thread = thread();
    long left = LONGEST_OF_BURST.toNanos() - waitedNanos.get(thread);
    return waits.get(thread) < MOST_WAITS && left > 0
        ? Duration.ofNanos(Math.min(left, LONGEST.toNanos()))
        : Duration.ZERO;
  }

  /** Notes that the calling thread has waited, which was no quiet time. */
  void waited(long begin, long end) {
    int thread = thread();
    lastNanos.set(thread, end);
    waits.incrementAndGet(thread);
    waitedNanos.addAndGet(thread, end - begin);
  }

  private static int thread() {
    return (int) (Thread.currentThread().getId() % THREADS);
  }
}
