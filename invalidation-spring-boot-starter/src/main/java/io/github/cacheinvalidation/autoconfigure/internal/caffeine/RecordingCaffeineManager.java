package io.github.cacheinvalidation.autoconfigure.internal.caffeine;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.AsyncCacheLoader;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.CacheLoader;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.CaffeineSpec;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.caffeine.CaffeineCache;
import org.springframework.cache.caffeine.CaffeineCacheManager;

/**
 * Records what the customizers of the application set on the cache manager that Spring Boot would
 * create. Is never used as a cache manager.
 */
public final class RecordingCaffeineManager extends CaffeineCacheManager {

  private final Map<String, CaffeineCache> customCaches = new TreeMap<>();

  private final Set<String> unused = new TreeSet<>();

  private @Nullable CommonCaffeine common;

  private @Nullable List<String> names;

  /** Returns the configuration of all caches, or null if none was set. */
  public @Nullable CommonCaffeine common() {
    return common;
  }

  /** Returns the fixed names that were set last, an empty list for any name, or the given names. */
  public List<String> namesOr(List<String> others) {
    return names == null ? others : names;
  }

  /** Returns the registered caches of the application. */
  public Collection<CaffeineCache> customCaches() {
    return customCaches.values();
  }

  /** Returns the names of the methods that were called without effect. */
  Set<String> unused() {
    return unused;
  }

  @Override
  public void setCacheNames(@Nullable Collection<String> cacheNames) {
    names = cacheNames == null ? List.of() : List.copyOf(cacheNames);
  }

  @Override
  public void setCaffeine(Caffeine<Object, Object> caffeine) {
    common = new CommonCaffeine(null, null, caffeine);
  }

  @Override
  public void setCaffeineSpec(CaffeineSpec caffeineSpec) {
    common = new CommonCaffeine(null, caffeineSpec, null);
  }

  @Override
  public void setCacheSpecification(String cacheSpecification) {
    setCaffeineSpec(CaffeineSpec.parse(cacheSpecification));
  }

  @Override
  public void registerCustomCache(String name, Cache<Object, Object> cache) {
    customCaches.put(name, new CaffeineCache(name, cache, isAllowNullValues()));
  }

  @Override
  public void registerCustomCache(String name, AsyncCache<Object, Object> cache) {
    customCaches.put(name, new CaffeineCache(name, cache, isAllowNullValues()));
  }

  @Override
  public void removeCache(String name) {
    customCaches.remove(name);
  }

  @Override
  public void setCacheLoader(CacheLoader<Object, Object> cacheLoader) {
    unused.add("setCacheLoader");
  }

  @Override
  public void setAsyncCacheLoader(AsyncCacheLoader<Object, Object> cacheLoader) {
    unused.add("setAsyncCacheLoader");
  }

  @Override
  public void setAsyncCacheMode(boolean asyncCacheMode) {
    unused.add("setAsyncCacheMode");
  }

  @Override
  public org.springframework.cache.@Nullable Cache getCache(String name) {
    unused.add("getCache");
    return super.getCache(name);
  }
}
