package io.github.cacheinvalidation.internal.cache;

import org.jspecify.annotations.Nullable;

/**
 * The view for one invocation of a {@code @CachePut} method. Its value is published. It is stored
 * only if the key was neither invalidated nor written since the invocation began.
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
