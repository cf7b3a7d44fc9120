package io.github.cacheinvalidation.internal.outbox;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets the writer of a direct publication wait until the channel has accepted it, for at most
 * {@link #LONGEST}. By then the other nodes have usually evicted, so the next read there is rarely
 * stale. The wait never fails: afterwards the writer continues, whatever the outcome of the
 * publication. {@link WriterBursts} limits the waits of a thread that writes again and again.
 *
 * <p>After a wait that timed out, later writes to the channel go on at once until that publication
 * is accepted, but for {@link #BACK_OFF} at most. After two such waits in a row they go on at once
 * for that whole time. An accepted wait of another writer ends both. Node threads and event loops
 * do not wait, nor does a thread whose last keys for the channel joined a batch. Safe for use by
 * any thread.
 */
final class QuietWriterPause {

  /**
   * How long one wait may take. A nearby Redis accepts in a fraction of a millisecond. On a busy
   * machine, something else can keep a processor from Redis or from the node for some tens of
   * milliseconds.
   */
  static final Duration LONGEST = Duration.ofMillis(50);

  /** How long at most no write waits after a wait that timed out. */
  static final Duration BACK_OFF = LONGEST.multipliedBy(10);

  /**
   * How long after its last direct publication to the channel a thread whose keys joined a batch
   * counts as in a loop over many keys.
   */
  static final Duration LONGEST_LOOP = Duration.ofSeconds(1);

  /** Shared by all channels, so that a loop over the caches of several channels is one burst. */
  private static final WriterBursts BURSTS = new WriterBursts();

  /** Waits for a batch. */
  @FunctionalInterface
  interface Pause {
    void await(Batch published, Duration longest);
  }

  private final LongSupplier clock;

  private final Pause pause;

  private final WriterBursts bursts;

  /** When each thread last published directly to this channel. */
  private final AtomicLongArray publishedNanos = new AtomicLongArray(WriterBursts.THREADS);

  /** 1 for a thread whose last keys for this channel were left to the sender. */
  private final AtomicIntegerArray left = new AtomicIntegerArray(WriterBursts.THREADS);

  private volatile @Nullable TimedOutWait timedOut;

  /**
   * A publication that was not accepted while a writer waited for it.
   *
   * @param sinceNanos when the wait ended
   * @param again whether a wait that had ended when this one began timed out too
   */
  private record TimedOutWait(Batch published, long sinceNanos, boolean again) {}

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

  /** Called by a writer whose keys are left to the sender. Reads no clock, to stay fast. */
  void afterBatch() {
    int thread = WriterBursts.thread();
    if (left.get(thread) == 0) {
      left.set(thread, 1);
    }
  }

  /** Called by a writer after it handed over a direct publication; returns how it waits. */
  Acceptance afterHandOver(Batch published) {
    int thread = WriterBursts.thread();
    long now = clock.getAsLong();
    long since = now - publishedNanos.getAndSet(thread, now);
    boolean looping = left.getAndSet(thread, 0) == 1 && since <= LONGEST_LOOP.toNanos();
    bursts.published(now, looping);
    return looping || NodeThreads.includeCurrent() || EventLoops.includeCurrent()
        ? Acceptance.NOT_AWAITED
        : new Waiting(this, published);
  }

  private void await(Batch published, Duration most) {
    long begin = clock.getAsLong();
    Duration remaining = bursts.remaining();
    Duration longest = remaining.compareTo(most) < 0 ? remaining : most;
    if (longest.isNegative() || longest.isZero() || isBackingOff(begin)) {
      return;
    }
    pause.await(published, longest);
    long end = clock.getAsLong();
    bursts.waited(begin, end);
    if (published.accepted().isDone()) {
      timedOut = null;
    } else if (end - begin >= LONGEST.toNanos() / 2) { // neither cut short nor interrupted
      TimedOutWait last = timedOut;
      boolean again = last != null && (last.again || begin - last.sinceNanos >= 0);
      timedOut = new TimedOutWait(published, end, again);
    }
  }

  private boolean isBackingOff(long now) {
    TimedOutWait last = timedOut;
    return last != null
        && now - last.sinceNanos < BACK_OFF.toNanos()
        && (last.again || !last.published.accepted().isDone());
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
      owner.await(published, LONGEST);
    }

    @Override
    public void awaitInsideTransaction() {}

    @Override
    public void awaitSince(long sinceNanos, boolean insideTransaction) {
      if (!insideTransaction) {
        owner.await(published, LONGEST.minusNanos(owner.clock.getAsLong() - sinceNanos));
      }
    }
  }
}
