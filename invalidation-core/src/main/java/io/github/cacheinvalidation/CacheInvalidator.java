package io.github.cacheinvalidation;

import java.util.Collection;

/**
 * Invalidates from code that does not go through annotations: on this node and on all others.
 * Outside of transactions everything happens at once. Inside a transaction it happens when the
 * transaction has ended, whether by a commit or by a rollback. If the transaction was suspended
 * since it began, it happens at once as well: the change may have been committed meanwhile by
 * another transaction of the thread. The network is waited for only where {@code
 * invalidation.publish.mode} asks for it. Safe for use by any thread.
 *
 * <p>A cache need not hold a key for it to be invalidated elsewhere.
 */
public interface CacheInvalidator {

  /**
   * Invalidates one key.
   *
   * @param cache the name of the cache
   * @param key the key; a number may have another width than the cached keys have
   * @throws IllegalArgumentException if there is no such cache, or the key is null
   */
  void evict(String cache, Object key);

  /**
   * Invalidates many keys, in as few messages as the limits allow.
   *
   * @param cache the name of the cache
   * @param keys the keys, as for {@link #evict}; none is no invalidation
   * @throws IllegalArgumentException if there is no such cache, or a key is null
   */
  void evictAll(String cache, Collection<?> keys);

  /**
   * Invalidates a whole cache.
   *
   * @param cache the name of the cache
   * @throws IllegalArgumentException if there is no such cache
   */
  void clear(String cache);
}
