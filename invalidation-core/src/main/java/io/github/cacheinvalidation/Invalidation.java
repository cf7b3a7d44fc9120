package io.github.cacheinvalidation;

import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Stale keys of one cache, a stale cache, or all caches. Immutable, except for a collection of keys
 * that is not copied.
 *
 * <p>The type parameter is the form of the keys: {@code Object} for keys of the application, {@code
 * byte[]} in a message that is being packed, {@code WireKey} in a message that was read. {@link
 * OpenKeys}, {@link Newer}, {@link Everything} and {@link Prefixed} come from messages only.
 *
 * @param <K> the form of the keys
 */
public sealed interface Invalidation<K> {

  /**
   * The most keys of one cache that a message of a node may name. This library never sends more. A
   * message with more keys invalidates the whole cache.
   */
  int MOST_KEYS = 32_768;

  /**
   * The most keys of one cache that a message from another program may name. A message with more
   * keys invalidates the whole cache. Each key is matched against every key type used on the node,
   * and a codec may throw for each; this number keeps the matching below a second.
   */
  int MOST_OPEN_KEYS = 4_096;

  /**
   * An invalidation of one cache. Code that does not know the subtype treats the whole cache as
   * stale, because an extra eviction is never wrong.
   *
   * @param <K> the form of the keys
   */
  sealed interface OfCache<K> extends Invalidation<K> {

    /** Returns the name of the cache. */
    String cache();
  }

  /**
   * Stale keys of one cache.
   *
   * @param cache the name of the cache
   * @param keys the keys; not copied; a receiver must not change the collection
   * @param <K> the form of the keys
   */
  record Keys<K>(String cache, Collection<K> keys) implements OfCache<K> {
    public Keys {
      Objects.requireNonNull(cache, "'cache' must not be null");
      Objects.requireNonNull(keys, "'keys' must not be null");
    }
  }

  /**
   * A whole cache is stale.
   *
   * @param cache the name of the cache
   * @param <K> the form of the keys
   */
  record Whole<K>(String cache) implements OfCache<K> {
    public Whole {
      Objects.requireNonNull(cache, "'cache' must not be null");
    }
  }

  /**
   * Stale keys of one cache that another program named. Each key is matched against every key type
   * used in the cache.
   *
   * @param cache the name of the cache
   * @param keys the keys; copied
   * @param <K> the form of the keys
   */
  record OpenKeys<K>(String cache, List<K> keys) implements OfCache<K> {
    public OpenKeys {
      keys = List.copyOf(keys);
    }
  }

  /**
   * An invalidation of one cache in a format that is newer than this library. The whole cache is
   * stale.
   *
   * @param cache the name of the cache
   * @param <K> the form of the keys
   */
  record Newer<K>(String cache) implements OfCache<K> {}

  /**
   * All caches are stale.
   *
   * @param <K> the form of the keys
   */
  record Everything<K>() implements Invalidation<K> {}

  /**
   * A text {@code cache:key}. The key after the colon is stale in the cache before the colon. The
   * whole text is also a stale key of every cache with string keys.
   *
   * @param text the text
   * @param <K> the form of the keys
   */
  record Prefixed<K>(String text) implements Invalidation<K> {}

  /**
   * Returns an invalidation of keys of the application.
   *
   * @param cache the name of the cache
   * @param keys the keys; copied
   * @return the invalidation
   * @throws NullPointerException if the name or a key is null
   */
  static OfCache<Object> keys(String cache, Object... keys) {
    return new Keys<>(cache, List.of(keys));
  }
}
