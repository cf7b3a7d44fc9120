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

  /** The longest time within a burst from one publication, or the end of its wait, to the next. */
  static final Duration QUIET = Duration.ofMillis(1);

  /** How often a burst may wait, so that a method with a few evictions waits for each. */
  static final int MOST_WAITS = 10;

  /** How long a burst may wait in total. */
  static final Duration LONGEST_IN_TOTAL = Duration.ofMillis(200);

  /** The number of places for threads. */
  static final int THREADS = 64;

  /** When each thread last published directly or ended a wait. */
  private final AtomicLongArray lastNanos = new AtomicLongArray(THREADS);

  private final AtomicIntegerArray waits = new AtomicIntegerArray(THREADS);

  private final AtomicLongArray waitedNanos = new AtomicLongArray(THREADS);

  /**
   * Notes a direct publication of the calling thread.
   *
   * @param now the time of a monotonic clock, in nanoseconds
   * @param looping whether the thread is in a loop over many keys, so that its burst goes on
   */
  void published(long now, boolean looping) {
    int thread = thread();
    long since = now - lastNanos.getAndSet(thread, now);
    if (since > QUIET.toNanos() && !looping) {
      waits.set(thread, 0);
      waitedNanos.set(thread, 0);
    }
  }

  /** Returns how long the burst of the calling thread may still wait; zero if not at all. */
  Duration remaining() {
    int thread = thread();
    long nanos = LONGEST_IN_TOTAL.toNanos() - waitedNanos.get(thread);
    return waits.get(thread) < MOST_WAITS && nanos > 0 ? Duration.ofNanos(nanos) : Duration.ZERO;
  }

  /** Notes that the calling thread has waited from one time to another. */
  void waited(long begin, long end) {
    int thread = thread();
    lastNanos.set(thread, end);
    waits.incrementAndGet(thread);
    waitedNanos.addAndGet(thread, end - begin);
  }

  /** Returns the place of the calling thread. */
  static int thread() {
    return (int) Math.floorMod(Thread.currentThread().getId(), (long) THREADS);
  }
}
