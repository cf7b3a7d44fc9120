package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.Invalidation;

/**
 * Is notified of the writes of this node that are to be published. Meant for tests: without a
 * listener a write does not pay for it.
 */
@FunctionalInterface
public interface WriteListener {

  /**
   * A write has made keys of a cache, or a whole cache, stale. Called on the thread of the write;
   * inside a transaction, on the thread that ends it. Returns at once and throws nothing.
   *
   * @param stale the stale keys, or the whole cache; the keys may change after this call
   */
  void written(Invalidation.OfCache<Object> stale);
}
