package io.github.cacheinvalidation.internal.outbox;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * Lets the writer of a quiet direct publication wait until the channel has accepted it, for at most
 * {@link #LONGEST}. By then the other nodes have usually evicted, so the next read there is rarely
 * stale. The wait never fails: afterwards the writer continues, whatever the outcome of the
 * publication. A busy writer does not wait, because it would wait at each key. A write is busy if
 * it follows another of the same thread within {@link #QUIET}, or if keys were just left to the
 * sender. Threads whose ids are equal modulo {@value #THREADS} count as the same thread. Node
 * threads and event loops do not wait either. Safe for use by any thread.
 */
final class QuietWriterPause {

  /** A write is quiet if its thread has published nothing directly for more than this time. */
  static final Duration QUIET = Duration.ofMillis(1);

  /**
   * The longest time that a writer waits. A nearby Redis accepts in a fraction of a millisecond; a
   * pause of the JVM, or a Redis in another data centre, takes some milliseconds. If Redis does not
   * answer at all, as many writers wait as direct publications may be under way.
   */
  static final Duration LONGEST = Duration.ofMillis(10);

  static final int THREADS = 64;

  /** Waits for a batch. */
  @FunctionalInterface
  interface Pause {
    void await(Batch published, Duration longest);
  }

  private final LongSupplier clock;

  private final Pause pause;

  /** When each thread last published directly, or last waited. */
  private final AtomicLongArray lastNanos = new AtomicLongArray(THREADS);

  /** Whether keys were left to the sender since the last direct publication. */
  private volatile boolean gathered;

  /** Creates a pause that waits, and whose first write is quiet. */
  QuietWriterPause() {
    this(System::nanoTime, QuietWriterPause::awaitAcceptance);
  }

  /**
   * Creates a pause whose first write is quiet.
   *
   * @param clock a monotonic clock in nanoseconds
   * @param pause waits for a batch
   */
  QuietWriterPause(LongSupplier clock, Pause pause) {
    this.clock = clock;
    this.pause = pause;
    long quiet = clock.getAsLong() - QUIET.toNanos() - 1;
    for (int thread = 0; thread < THREADS; thread++) {
      lastNanos.set(thread, quiet);
    }
  }

  /** Called by a writer whose keys are left to the sender. Reads no clock, to stay fast. */
  void afterBatch() {
    if (!gathered) {
      gathered = true;
    }
  }

  /** Called by a writer after it handed over a direct publication; returns how it waits. */
  Acceptance afterHandOver(Batch published) {
    long now = clock.getAsLong();
    long since = now - lastNanos.getAndSet(thread(), now);
    boolean quiet = !gathered && since > QUIET.toNanos();
    gathered = false;
    return quiet && !NodeThreads.includeCurrent() && !EventLoops.includeCurrent()
        ? new Quiet(this, published)
        : Acceptance.NOT_AWAITED;
  }

  private static int thread() {
    return (int) (Thread.currentThread().getId() % THREADS);
  }

  /** An interrupt ends the wait, and stays set. */
  static void awaitAcceptance(Batch published, Duration longest) {
    try {
      DoneSignal.await(published.accepted(), longest);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for a batch, unless a transaction is open. */
  private record Quiet(QuietWriterPause owner, Batch published) implements Acceptance {

    @Override
    public void await() {
      await(LONGEST);
    }

    private void await(Duration longest) {
      owner.pause.await(published, longest);
      owner.lastNanos.set(thread(), owner.clock.getAsLong()); // the wait was no quiet time
    }

    @Override
    public void awaitInsideTransaction() {}

    @Override
    public void awaitSince(long sinceNanos, boolean insideTransaction) {
      Duration longest = LONGEST.minusNanos(System.nanoTime() - sinceNanos);
      if (!insideTransaction && !longest.isNegative()) {
        await(longest);
      }
    }
  }
}
