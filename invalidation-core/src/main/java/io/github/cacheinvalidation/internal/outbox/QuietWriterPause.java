package io.github.cacheinvalidation.internal.outbox;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets the writer of a direct publication wait until the channel has accepted it. By then the other
 * nodes have usually evicted, so the next read there is rarely stale. The wait never fails:
 * afterwards the writer continues, whatever the outcome of the publication. {@link WriterBursts}
 * limits the waits of a thread that writes again and again.
 *
 * <p>After a wait that timed out, no write waits until that publication is accepted, or for {@link
 * #BACK_OFF}. Node threads and event loops do not wait either, nor does a thread whose last keys
 * were left to the sender. Safe for use by any thread.
 */
final class QuietWriterPause {

  /** How long no write waits after a wait that timed out. */
  static final Duration BACK_OFF = WriterBursts.LONGEST.multipliedBy(10);

  /** Shared by all channels, so that a loop over the caches of several channels is one burst. */
  private static final WriterBursts BURSTS = new WriterBursts(System.nanoTime());

  /** Waits for a batch. */
  @FunctionalInterface
  interface Pause {
    void await(Batch published, Duration longest);
  }

  private final LongSupplier clock;

  private final Pause pause;

  private final WriterBursts bursts;

  private volatile @Nullable TimedOutWait timedOut;

  /** A publication that was not accepted while a writer waited for it. */
  private record TimedOutWait(Batch published, long sinceNanos) {}

  /** Creates a pause that waits. */
  QuietWriterPause() {
    this(System::nanoTime, QuietWriterPause::awaitAcceptance, BURSTS);
  }

  /**
   * Creates a pause.
   *
   * @param clock a monotonic clock in nanoseconds
   * @param pause waits for a batch
   * @param bursts limits the waits; other pauses may share it
   */
  QuietWriterPause(LongSupplier clock, Pause pause, WriterBursts bursts) {
    this.clock = clock;
    this.pause = pause;
    this.bursts = bursts;
  }

  /** Called by a writer whose keys are left to the sender. */
  void afterBatch() {
    bursts.leftToSender();
  }

  /** Called by a writer after it handed over a direct publication; returns how it waits. */
  Acceptance afterHandOver(Batch published) {
    return bursts.published(clock.getAsLong())
            && !NodeThreads.includeCurrent()
            && !EventLoops.includeCurrent()
        ? new Waiting(this, published)
        : Acceptance.NOT_AWAITED;
  }

  private void await(Batch published) {
    Duration longest = bursts.longestWait();
    long begin = clock.getAsLong();
    if (longest.isZero() || isBackingOff(begin)) {
      return;
    }
    pause.await(published, longest);
    long end = clock.getAsLong();
    bursts.waited(begin, end);
    timedOut = published.accepted().isDone() ? null : new TimedOutWait(published, end);
  }

  private boolean isBackingOff(long now) {
    TimedOutWait last = timedOut;
    return last != null
        && now - last.sinceNanos < BACK_OFF.toNanos()
        && !last.published.accepted().isDone();
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
  private record Waiting(QuietWriterPause owner, Batch published) implements Acceptance {

    @Override
    public void await() {
      owner.await(published);
    }

    @Override
    public void awaitInsideTransaction() {}
  }
}
