package io.github.cacheinvalidation.internal.cache;

import org.jspecify.annotations.Nullable;

/**
 * The view for one invocation of a {@code @CacheEvict} method. If the method may have committed
 * changes outside the transaction in which it was called, its evictions act at once, and again
 * after that transaction.
 */
final class EvictingView extends CacheView {

  private final CallBegin begin;

  EvictingView(CoherentCache target) {
    super(target);
    this.begin = target.evictions().callBegin();
  }

  @Override
  CallBegin begin() {
    return begin;
  }

  @Override
  public void put(Object key, @Nullable Object value) {
    target().put(key, value);
  }

  @Override
  public void evict(Object key) {
    target().evictions().evict(key, begin);
  }

  @Override
  public boolean evictIfPresent(Object key) {
    return target().evictions().evictIfPresent(key, begin);
  }

  @Override
  public void clear() {
    target().evictions().clear(begin);
  }

  @Override
  public boolean invalidate() {
    return target().evictions().invalidate(begin);
  }
}
