package io.github.cacheinvalidation.internal.outbox;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets the writer of a quiet direct publication wait until the channel has accepted it, for at most
 * {@link #LONGEST}. By then the other nodes have usually evicted, so the next read there is rarely
 * stale. The wait never fails: afterwards the writer continues, whatever the outcome of the
 * publication. A busy writer does not wait, because it would wait at each key. A write is busy if
 * it follows a direct publication or a wait of the same thread within {@link #QUIET}, or if the
 * thread's last keys were left to the sender. Threads whose ids are equal modulo {@value #THREADS}
 * count as the same thread.
 *
 * <p>After a wait that timed out, no write waits until that publication is accepted, or for {@link
 * #BACK_OFF}. Node threads and event loops do not wait either. Safe for use by any thread.
 */
final class QuietWriterPause {

  /** A write is quiet if its thread has published nothing directly for more than this time. */
  static final Duration QUIET = Duration.ofMillis(1);

  /**
   * The longest time that a writer waits. A nearby Redis accepts in a fraction of a millisecond; a
   * pause of the JVM, or a Redis in another data centre, takes some milliseconds.
   */
  static final Duration LONGEST = Duration.ofMillis(10);

  /** How long no write waits after a wait that timed out. */
  static final Duration BACK_OFF = Duration.ofMillis(100);

  static final int THREADS = 64;

  /**
   * When each thread last waited for any channel, so that a loop over caches of several is busy.
   */
  private static final AtomicLongArray WAITED = quiet(System.nanoTime());

  /** Waits for a batch. */
  @FunctionalInterface
  interface Pause {
    void await(Batch published, Duration longest);
  }

  private final LongSupplier clock;

  private final Pause pause;

  /** When each thread last published directly. */
  private final AtomicLongArray publishedNanos;

  /** When each thread last ended a wait. */
  private final AtomicLongArray waitedNanos;

  /** 1 for a thread whose last keys were left to the sender. */
  private final AtomicIntegerArray left = new AtomicIntegerArray(THREADS);

  private volatile @Nullable TimedOutWait timedOut;

  /** A publication that was not accepted while a writer waited for it. */
  private record TimedOutWait(Batch published, long sinceNanos) {}

  /** Creates a pause that waits, and whose first write is quiet. */
  QuietWriterPause() {
    this(System::nanoTime, QuietWriterPause::awaitAcceptance, WAITED);
  }

  /**
   * Creates a pause whose first write is quiet.
   *
   * @param clock a monotonic clock in nanoseconds
   * @param pause waits for a batch
   */
  QuietWriterPause(LongSupplier clock, Pause pause) {
    this(clock, pause, quiet(clock.getAsLong()));
  }

  /**
   * Creates a pause whose first write is quiet.
   *
   * @param waitedNanos when each thread last waited; other pauses may share it
   */
  QuietWriterPause(LongSupplier clock, Pause pause, AtomicLongArray waitedNanos) {
    this.clock = clock;
    this.pause = pause;
    this.publishedNanos = quiet(clock.getAsLong());
    this.waitedNanos = waitedNanos;
  }

  /** Returns times of threads that have not waited for longer than {@link #QUIET}. */
  static AtomicLongArray quiet(long now) {
    AtomicLongArray times = new AtomicLongArray(THREADS);
    for (int thread = 0; thread < THREADS; thread++) {
      times.set(thread, now - QUIET.toNanos() - 1);
    }
    return times;
  }

  /** Called by a writer whose keys are left to the sender. Reads no clock, to stay fast. */
  void afterBatch() {
    int thread = thread();
    if (left.get(thread) == 0) {
      left.set(thread, 1);
    }
  }

  /** Called by a writer after it handed over a direct publication; returns how it waits. */
  Acceptance afterHandOver(Batch published) {
    int thread = thread();
    long now = clock.getAsLong();
    boolean gathered = left.getAndSet(thread, 0) == 1;
    long sincePublished = now - publishedNanos.getAndSet(thread, now);
    long sinceWaited = now - waitedNanos.get(thread);
    boolean quiet = !gathered && Math.min(sincePublished, sinceWaited) > QUIET.toNanos();
    return quiet
            && !isBackingOff(now)
            && !NodeThreads.includeCurrent()
            && !EventLoops.includeCurrent()
        ? new Quiet(this, published)
        : Acceptance.NOT_AWAITED;
  }

  private boolean isBackingOff(long now) {
    TimedOutWait last = timedOut;
    return last != null
        && now - last.sinceNanos < BACK_OFF.toNanos()
        && !last.published.accepted().isDone();
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
      long now = owner.clock.getAsLong();
      owner.waitedNanos.set(thread(), now); // the wait was no quiet time
      owner.timedOut = published.accepted().isDone() ? null : new TimedOutWait(published, now);
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
