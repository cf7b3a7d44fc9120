package io.github.cacheinvalidation.cache;

import java.util.Collection;
import java.util.LinkedHashSet;

/** Invalidates in the caches of a manager. */
final class ManagedCacheInvalidator implements CacheInvalidator {

  private final CoherentCacheManager caches;

  ManagedCacheInvalidator(CoherentCacheManager caches) {
    this.caches = caches;
  }

  @Override
  public void evict(String cache, Object key) {
    require(cache).evict(key);
  }

  @Override
  public void evictAll(String cache, Collection<?> keys) {
    require(cache).evictAll(new LinkedHashSet<>(keys));
  }

  @Override
  public void clear(String cache) {
    require(cache).clear();
  }

  private CoherentCache require(String name) {
    CoherentCache cache = caches.find(name);
    if (cache == null) {
      throw new IllegalArgumentException(
          "There is no cache '"
              + name
              + "'; the caches are "
              + caches.getCacheNames()
              + ". Add it to spring.cache.cache-names or correct the name");
    }
    return cache;
  }
}
