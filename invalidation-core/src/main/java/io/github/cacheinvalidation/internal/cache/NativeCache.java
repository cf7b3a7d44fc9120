package io.github.cacheinvalidation.internal.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import io.github.cacheinvalidation.internal.store.EntryStore;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The native cache that callers hold. A clear replaces the Caffeine instance but not this object,
 * which delegates to the current instance. It returns the statistics of all instances so far. Its
 * map shows the current instance. A {@code policy} belongs to the instance that was current when
 * the caller requested it.
 */
final class NativeCache implements Cache<Object, Object> {

  private volatile @Nullable EntryStore store;

  private volatile @Nullable CoherentCache owner;

  private final NativeMap map = new NativeMap(this::present);

  /** Sets the store whose instances this facade shows. */
  void show(EntryStore shown) {
    store = shown;
  }

  /** Sets the cache to which this native cache belongs. */
  void belongTo(CoherentCache cache) {
    owner = cache;
  }

  /** Returns the cache to which this native cache belongs, also behind decorators. */
  CoherentCache owner() {
    CoherentCache cache = owner;
    if (cache == null) {
      throw new IllegalStateException("The cache is still being created");
    }
    return cache;
  }

  @Override
  public @Nullable Object getIfPresent(Object key) {
    return present().getIfPresent(key);
  }

  @Override
  public Object get(
      Object key, Function<? super Object, ? extends @Nullable Object> mappingFunction) {
    return present().get(key, mappingFunction);
  }

  @Override
  public Map<Object, Object> getAllPresent(Iterable<? extends Object> keys) {
    return present().getAllPresent(keys);
  }

  @Override
  public Map<Object, Object> getAll(
      Iterable<? extends Object> keys,
      Function<? super Set<? extends Object>, ? extends Map<? extends Object, ? extends Object>>
          mappingFunction) {
    return present().getAll(keys, mappingFunction);
  }

  @Override
  public void put(Object key, Object value) {
    present().put(key, value);
  }

  @Override
  public void putAll(Map<? extends Object, ? extends Object> map) {
    present().putAll(map);
  }

  @Override
  public void invalidate(Object key) {
    present().invalidate(key);
  }

  @Override
  public void invalidateAll(Iterable<? extends Object> keys) {
    present().invalidateAll(keys);
  }

  @Override
  public void invalidateAll() {
    present().invalidateAll();
  }

  @Override
  public long estimatedSize() {
    return present().estimatedSize();
  }

  @Override
  public CacheStats stats() {
    return store().stats();
  }

  @Override
  public ConcurrentMap<Object, Object> asMap() {
    return map;
  }

  @Override
  public void cleanUp() {
    present().cleanUp();
  }

  @Override
  public Policy<Object, Object> policy() {
    return present().policy();
  }

  private Cache<Object, Object> present() {
    return store().entries();
  }

  private EntryStore store() {
    EntryStore shown = store;
    if (shown == null) {
      throw new IllegalStateException("The cache is still being created");
    }
    return shown;
  }
}
