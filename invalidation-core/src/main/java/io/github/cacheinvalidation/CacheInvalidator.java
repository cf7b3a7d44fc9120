package io.github.cacheinvalidation;

import java.util.Collection;

/**
 * Invalidates cached keys from application code, on this node and on all other nodes. A key is
 * published whether or not this node caches it.
 *
 * <p>Outside a transaction an invalidation is applied at once. Inside a transaction it is applied
 * when the transaction has ended, after a commit and after a rollback. If the transaction was
 * suspended meanwhile, for example while another transaction ran on this thread, the invalidation
 * is applied at once and again at the end: the other transaction may have committed the change.
 *
 * <p>In mode {@code async} of {@code invalidation.publish.mode} a call waits for Redis for fifty
 * milliseconds at most. Of a series of calls of one thread, with at most a millisecond between two,
 * only the first ten wait, for 200 milliseconds in total. In mode {@code await} a call waits until
 * Redis has accepted the invalidation, and may throw {@link NotPublishedException}; inside a
 * transaction the caller of the commit gets that exception. In both modes a call may wait for room
 * in a full outbox while Redis accepts messages.
 *
 * <p>If another cache manager is the default one of a Spring Boot application, the bean of this
 * type also removes the entries from the caches of that name in the application's own cache
 * managers: on this node only and, inside a transaction, only after its commit. With {@code
 * spring.cache.type=none} it does only that, and publishes nothing.
 *
 * <p>No argument may be null. Safe for use by any thread.
 */
public interface CacheInvalidator {

  /**
   * Invalidates one key.
   *
   * @param cache the name of the cache
   * @param key the key; a number also matches cached keys of another width, such as {@code Integer}
   *     and {@code Long}
   * @throws IllegalArgumentException if there is no such cache, or an argument is null
   */
  void evict(String cache, Object key);

  /**
   * Invalidates many keys, in as few messages as the limits allow.
   *
   * @param cache the name of the cache
   * @param keys the keys, as for {@link #evict}; an empty collection invalidates nothing
   * @throws IllegalArgumentException if there is no such cache, or an argument or a key is null
   */
  void evictAll(String cache, Collection<?> keys);

  /**
   * Invalidates a whole cache.
   *
   * @param cache the name of the cache
   * @throws IllegalArgumentException if there is no such cache, or the name is null
   */
  void clear(String cache);
}
