package io.github.cacheinvalidation.internal.fence;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The logical clock of a node. It orders events and does not measure durations. Every applied
 * invalidation, clear and write advances it; a load takes its <em>stamp</em> from it. Safe for use
 * by any thread.
 */
public final class LogicalClock {

  private final AtomicLong time = new AtomicLong();

  /** Returns the current time, which is the stamp of a load that begins now. */
  public long now() {
    return time.get();
  }

  /** Advances the clock and returns the new time, which is later than every stamp taken so far. */
  public long advance() {
    return time.incrementAndGet();
  }
}
