package io.github.cacheinvalidation.cache;

import com.github.benmanes.caffeine.cache.Cache;

/**
 * What a cache holds between two clears. A clear replaces the whole state, so a store that had read
 * the old one writes where nobody reads any more.
 *
 * @param entries the entries
 * @param clearedNanos when the state began, on the node's monotonic clock, read before the stamp;
 *     no load of these entries began earlier
 * @param clearedStamp when the state began, on the node's logical clock
 * @param limitNanos how long after the later of its begin and the last confirmation it may be read
 */
record CacheState(
    Cache<Object, Object> entries, long clearedNanos, long clearedStamp, long limitNanos) {

  static final long UNLIMITED = Long.MAX_VALUE;

  /**
   * Whether the entries may be read no longer. The clock is read after the value that it judges.
   */
  boolean isBeyondLimit(long confirmedNanos, long now) {
    return now - clearedNanos > limitNanos && now - confirmedNanos > limitNanos;
  }
}
