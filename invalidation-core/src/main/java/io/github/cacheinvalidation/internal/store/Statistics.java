package io.github.cacheinvalidation.internal.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The statistics of a cache over the instances that its clears replace. They never fall, since an
 * instance is replaced and its statistics are kept in one step. What is counted on an instance
 * afterwards, by a reader that was just at it, is lost. Safe for use by any thread; a reader waits
 * for a replacement in progress, which takes no longer than reading an instance's statistics.
 */
final class Statistics {

  private CacheStats retired = CacheStats.empty();

  /**
   * Replaces an instance.
   *
   * @param replacement replaces it unless another thread has; must not wait
   * @return what the replacement returned
   */
  synchronized boolean retire(Cache<Object, Object> instance, BooleanSupplier replacement) {
    if (!replacement.getAsBoolean()) {
      return false;
    }
    retired = retired.plus(counted(instance));
    return true;
  }

  /** Returns the sum over all instances so far. */
  synchronized CacheStats total(Supplier<Cache<Object, Object>> present) {
    return retired.plus(counted(present.get()));
  }

  /** Without the loads, since Caffeine counts each fill as one, and loads run outside of it. */
  private static CacheStats counted(Cache<Object, Object> instance) {
    CacheStats all = instance.stats();
    return CacheStats.of(
        all.hitCount(), all.missCount(), 0, 0, 0, all.evictionCount(), all.evictionWeight());
  }
}
