package io.github.cacheinvalidation.internal.store;

import com.github.benmanes.caffeine.cache.Cache;
import io.github.cacheinvalidation.ClearReason;

/**
 * What a cache holds between two clears. A clear replaces the whole state, so a store that had read
 * the old one writes where nobody reads any more.
 *
 * @param entries the entries
 * @param clearedNanos when the state began, on the node's monotonic clock, read before the stamp;
 *     no load of these entries began earlier
 * @param clearedStamp when the state began, on the node's logical clock
 * @param limitNanos how long after the later of its begin and the last confirmation it may be read
 * @param distrusted whether messages may have been lost since it began, so that no confirmation
 *     counts that came later
 * @param trustedNanos the last confirmation that counts then; of no meaning otherwise
 */
public record CacheState(
    Cache<Object, Object> entries,
    long clearedNanos,
    long clearedStamp,
    long limitNanos,
    boolean distrusted,
    long trustedNanos) {

  public static final long UNLIMITED = Long.MAX_VALUE;

  /** A state that begins, and that every confirmation counts for. */
  public CacheState(
      Cache<Object, Object> entries, long clearedNanos, long clearedStamp, long limitNanos) {
    this(entries, clearedNanos, clearedStamp, limitNanos, false, 0);
  }

  /**
   * The same entries, for which no confirmation counts after a moment; of two the earlier stays.
   */
  CacheState distrust(long confirmedNanos) {
    return distrusted
        ? this
        : new CacheState(entries, clearedNanos, clearedStamp, limitNanos, true, confirmedNanos);
  }

  /** Why the entries are cleared when they may be read no longer. */
  ClearReason reason() {
    return distrusted ? ClearReason.SUSPECTED_LOSS : ClearReason.STALENESS_BOUND;
  }

  /**
   * Whether the entries may be read no longer. The clock is read after the value that it judges.
   */
  public boolean isBeyondLimit(long confirmedNanos, long now) {
    return now - clearedNanos > limitNanos
        && (now - confirmedNanos > limitNanos || (distrusted && now - trustedNanos > limitNanos));
  }
}
