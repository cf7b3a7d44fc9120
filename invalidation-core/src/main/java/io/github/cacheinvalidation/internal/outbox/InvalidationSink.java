package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.Invalidation;
import java.util.List;

/** Takes the invalidations that this node is to publish. For any thread. */
public interface InvalidationSink {

  /**
   * Adds a key. May wait for room.
   *
   * @param cache the name of the cache
   * @param key the stale key
   * @return lets the writer wait for acceptance
   */
  Acceptance add(String cache, Object key);

  /**
   * Adds all invalidations of a transaction, so that few messages carry them. May wait for room.
   *
   * @param stale the stale keys and caches
   * @return lets the writer wait for acceptance
   */
  Acceptance addAll(List<Invalidation.OfCache<Object>> stale);
}
