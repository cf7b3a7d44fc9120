package io.github.cacheinvalidation.benchmarks.jmh;

import com.github.benmanes.caffeine.cache.Cache;
import org.springframework.cache.caffeine.CaffeineCache;

/** Reads like our cache, through a state that clears replace, but without the staleness bound. */
final class BoundlessCache extends CaffeineCache {

  private record State(Cache<Object, Object> entries) {}

  private volatile State state;

  BoundlessCache(String name, Cache<Object, Object> entries) {
    super(name, entries);
    this.state = new State(entries);
  }

  @Override
  protected Object lookup(Object key) {
    return state.entries().getIfPresent(key);
  }
}
