package io.github.cacheinvalidation.internal.store;

import com.github.benmanes.caffeine.cache.Cache;
import io.github.cacheinvalidation.ClearReason;

/**
 * The state of a cache between two clears. A clear replaces the whole state. A store that has read
 * the old state then writes into entries that no lookup reads any more.
 *
 * @param entries the entries
 * @param clearedNanos when the state began, on the node's monotonic clock; it is read before the
 *     stamp, and no load of these entries began earlier
 * @param clearedStamp when the state began, on the node's logical clock
 * @param limitNanos how long the entries may be read, in nanoseconds, after the later of {@code
 *     clearedNanos} and the watermark
 * @param suspect whether the entries are suspect: messages may have been lost since the state
 *     began, so later confirmations do not count
 * @param lastConfirmedNanos the last watermark that counts for suspect entries; without meaning
 *     otherwise
 */
public record CacheState(
    Cache<Object, Object> entries,
    long clearedNanos,
    long clearedStamp,
    long limitNanos,
    boolean suspect,
    long lastConfirmedNanos) {

  public static final long UNLIMITED = Long.MAX_VALUE;

  /** Creates a state that is not suspect: every confirmation counts. */
  public CacheState(
      Cache<Object, Object> entries, long clearedNanos, long clearedStamp, long limitNanos) {
    this(entries, clearedNanos, clearedStamp, limitNanos, false, 0);
  }

  /**
   * Returns these entries as suspect: no confirmation after {@code confirmedNanos} counts. A state
   * that is already suspect stays unchanged.
   */
  CacheState markSuspect(long confirmedNanos) {
    return suspect
        ? this
        : new CacheState(entries, clearedNanos, clearedStamp, limitNanos, true, confirmedNanos);
  }

  /** Returns the reason for the clear when the entries are beyond their limit. */
  ClearReason reason() {
    return suspect ? ClearReason.SUSPECTED_LOSS : ClearReason.STALENESS_BOUND;
  }

  /**
   * Returns whether the entries may no longer be read. The caller reads {@code now} after the
   * value.
   */
  public boolean isBeyondLimit(long confirmedNanos, long now) {
    return now - clearedNanos > limitNanos
        && (now - confirmedNanos > limitNanos
            || (suspect && now - lastConfirmedNanos > limitNanos));
  }
}
