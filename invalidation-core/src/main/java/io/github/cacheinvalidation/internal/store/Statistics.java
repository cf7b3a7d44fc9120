package io.github.cacheinvalidation.internal.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The statistics of a cache, summed over the instances that its clears replace. The sums never
 * decrease, because replacing an instance and keeping its statistics are one step. Counts that a
 * reader of the replaced instance adds afterwards are lost. Safe for use by any thread. A caller
 * waits for a replacement in progress, which takes no longer than reading the statistics of an
 * instance.
 */
final class Statistics {

  private CacheStats retired = CacheStats.empty();

  /**
   * Replaces an instance and keeps its statistics.
   *
   * @param replacement replaces the instance unless another thread has; must not block
   * @return the result of {@code replacement}
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

  /** Omits loads: Caffeine counts each fill as a load, and loads run outside Caffeine. */
  private static CacheStats counted(Cache<Object, Object> instance) {
    CacheStats all = instance.stats();
    return CacheStats.of(
        all.hitCount(), all.missCount(), 0, 0, 0, all.evictionCount(), all.evictionWeight());
  }
}
