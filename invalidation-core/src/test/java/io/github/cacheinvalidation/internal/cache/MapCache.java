package io.github.cacheinvalidation.internal.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The part of a Caffeine cache that the store uses, on the map that Caffeine itself is built on: a
 * model checker that has to step through all of Caffeine finds nothing in a minute.
 */
public class MapCache implements Cache<Object, Object> {

  private final ConcurrentHashMap<Object, Object> entries = new ConcurrentHashMap<>();

  @Override
  public @Nullable Object getIfPresent(Object key) {
    return entries.get(key);
  }

  @Override
  public void put(Object key, Object value) {
    entries.put(key, value);
  }

  @Override
  public ConcurrentMap<Object, Object> asMap() {
    return entries;
  }

  @Override
  public void invalidateAll() {
    entries.clear();
  }

  @Override
  public long estimatedSize() {
    return entries.mappingCount();
  }

  @Override
  public Object get(
      Object key, Function<? super Object, ? extends @Nullable Object> mappingFunction) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<Object, Object> getAllPresent(Iterable<? extends Object> keys) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<Object, Object> getAll(
      Iterable<? extends Object> keys,
      Function<? super Set<? extends Object>, ? extends Map<? extends Object, ? extends Object>>
          mappingFunction) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void putAll(Map<? extends Object, ? extends Object> map) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void invalidate(Object key) {
    entries.remove(key);
  }

  @Override
  public void invalidateAll(Iterable<? extends Object> keys) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CacheStats stats() {
    return CacheStats.empty();
  }

  @Override
  public void cleanUp() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Policy<Object, Object> policy() {
    throw new UnsupportedOperationException();
  }
}
