package io.github.cacheinvalidation.internal.cache;

import org.jspecify.annotations.Nullable;

/**
 * What one invocation of a {@code @CachePut} method sees: its value is stored only if nothing has
 * invalidated or written the key since the invocation began, and it is published.
 */
final class WritingView extends CacheView {

  private final CallBegin begin;

  WritingView(CoherentCache target) {
    super(target);
    this.begin = target.evictions().callBegin();
  }

  @Override
  public void put(Object key, @Nullable Object value) {
    target().putSince(key, value, begin);
  }
}
