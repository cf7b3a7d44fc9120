package io.github.cacheinvalidation.internal.outbox;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Lets the writer of a quiet direct publication wait until the channel has accepted it, for at most
 * {@link #LONGEST}. By then the other nodes have usually evicted, so the next read there is rarely
 * stale. The wait never fails: afterwards the writer continues, whatever the outcome of the
 * publication. A busy writer does not wait, because it would wait at each key. A write is busy if
 * it follows another within {@link #QUIET}, or if keys were just left to the sender. Node threads
 * and event loops do not wait either. Safe for use by any thread.
 */
final class QuietWriterPause {

  /** A write is quiet if more than this time has passed since the last direct publication. */
  static final Duration QUIET = Duration.ofMillis(1);

  /** The longest time that a writer waits. A nearby Redis usually accepts in a quarter of it. */
  static final Duration LONGEST = Duration.ofMillis(1);

  /** Waits for a batch. */
  @FunctionalInterface
  interface Pause {
    void await(Batch published, Duration longest);
  }

  private final LongSupplier clock;

  private final Pause pause;

  private volatile long lastNanos;

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
    this.lastNanos = clock.getAsLong() - QUIET.toNanos() - 1;
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
    boolean quiet = !gathered && now - lastNanos > QUIET.toNanos();
    gathered = false;
    lastNanos = now;
    return quiet && !NodeThreads.includeCurrent() && !EventLoops.includeCurrent()
        ? new Quiet(this, published)
        : Acceptance.NOT_AWAITED;
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
      owner.lastNanos = owner.clock.getAsLong(); // the wait was no quiet time
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
