package io.github.cacheinvalidation.internal.cache;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;

/**
 * The view of a cache for one invocation of an annotated method. Every operation goes to the cache;
 * subclasses change the operations that depend on the invocation.
 */
abstract class CacheView implements Cache {

  private final CoherentCache target;

  CacheView(CoherentCache target) {
    this.target = target;
  }

  final CoherentCache target() {
    return target;
  }

  /** Returns the beginning of the call if evictions depend on it; null otherwise. */
  @Nullable CallBegin begin() {
    return null;
  }

  @Override
  public final String getName() {
    return target.getName();
  }

  @Override
  public final Object getNativeCache() {
    return target.getNativeCache();
  }

  @Override
  public @Nullable ValueWrapper get(Object key) {
    return target.get(key);
  }

  @Override
  public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
    return target.get(key, type);
  }

  @Override
  public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
    return target.get(key, valueLoader);
  }

  @Override
  public @Nullable CompletableFuture<?> retrieve(Object key) {
    return target.retrieve(key);
  }

  @Override
  public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
    return target.retrieve(key, valueLoader);
  }

  @Override
  public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
    return target.putIfAbsent(key, value);
  }

  @Override
  public void evict(Object key) {
    target.evict(key);
  }

  @Override
  public boolean evictIfPresent(Object key) {
    return target.evictIfPresent(key);
  }

  @Override
  public void clear() {
    target.clear();
  }

  @Override
  public boolean invalidate() {
    return target.invalidate();
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + " of cache '" + getName() + "'";
  }
}
