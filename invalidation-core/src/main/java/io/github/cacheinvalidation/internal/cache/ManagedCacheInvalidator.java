package io.github.cacheinvalidation.internal.cache;

import io.github.cacheinvalidation.CacheInvalidator;
import java.util.Collection;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;

/** Invalidates entries in the caches of a {@link CoherentCacheManager}. */
final class ManagedCacheInvalidator implements CacheInvalidator {

  private final CoherentCacheManager caches;

  ManagedCacheInvalidator(CoherentCacheManager caches) {
    this.caches = caches;
  }

  @Override
  public void evict(String cache, Object key) {
    Cache required = require(cache);
    requireKey(key, cache);
    required.evict(key);
  }

  @Override
  public void evictAll(String cache, Collection<?> keys) {
    Cache required = require(cache);
    if (keys == null) {
      throw new IllegalArgumentException(
          "'keys' must not be null for cache '"
              + cache
              + "'; pass an empty collection for no keys");
    }
    keys.forEach(key -> requireKey(key, cache));
    if (required instanceof CoherentCache coherent) {
      coherent.evictAll(new LinkedHashSet<>(keys));
    } else {
      keys.forEach(required::evict);
    }
  }

  @Override
  public void clear(String cache) {
    require(cache).clear();
  }

  private static void requireKey(@Nullable Object key, String cache) {
    if (key == null) {
      throw new IllegalArgumentException(
          "A key of cache '" + cache + "' must not be null; pass the key, or clear the cache");
    }
  }

  /** Returns the cache; entries of a cache of the application are only removed on this node. */
  private Cache require(String name) {
    if (name == null) {
      throw new IllegalArgumentException(
          "'cache' must not be null; the caches are " + caches.getCacheNames());
    }
    Cache cache = caches.getCache(name);
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
