package io.github.cacheinvalidation;

import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * One thing that became stale. The parameter says which form the keys have: objects of the
 * application where they are written, bytes in a message that is packed, {@link WireKey}s in a
 * message that was read. What only a message can say has the form of a message that was read.
 *
 * @param <K> the form of the keys
 */
public sealed interface Invalidation<K> {

  /** How many keys of one cache a node may name in a message. None of ours exceeds it. */
  int MOST_KEYS = 32_768;

  /**
   * How many keys of one cache a message from outside may name. Each is tried as every type used
   * here, and a codec may refuse it with an exception; so many of them take the listener less than
   * a second at the worst.
   */
  int MOST_OPEN_KEYS = 4_096;

  /**
   * Something of one cache. Where its form is not known, the whole cache is stale: an eviction too
   * many is never wrong.
   *
   * @param <K> the form of the keys
   */
  sealed interface OfCache<K> extends Invalidation<K> {

    /** Returns the name of the cache. */
    String cache();
  }

  /**
   * Keys of one cache.
   *
   * @param cache the name of the cache
   * @param keys the keys; neither copied nor to be changed by whoever receives them
   * @param <K> the form of the keys
   */
  record Keys<K>(String cache, Collection<K> keys) implements OfCache<K> {
    public Keys {
      Objects.requireNonNull(cache, "'cache' must not be null");
      Objects.requireNonNull(keys, "'keys' must not be null");
    }
  }

  /**
   * All of one cache.
   *
   * @param cache the name of the cache
   * @param <K> the form that keys have beside it
   */
  record Whole<K>(String cache) implements OfCache<K> {
    public Whole {
      Objects.requireNonNull(cache, "'cache' must not be null");
    }
  }

  /**
   * Keys of one cache that come from outside, for {@link KeyTypes#matchOpen}.
   *
   * @param cache the name of the cache
   * @param keys the keys
   */
  record OpenKeys<K>(String cache, List<K> keys) implements OfCache<K> {
    public OpenKeys {
      keys = List.copyOf(keys);
    }
  }

  /**
   * Something of one cache, in a format that is newer than this reader: all of it is stale.
   *
   * @param cache the name of the cache
   */
  record Newer<K>(String cache) implements OfCache<K> {}

  /** All of every cache. */
  record Everything<K>() implements Invalidation<K> {}

  /**
   * The key after the colon in the cache before it, and the text as key of every cache with string
   * keys.
   *
   * @param text the text
   */
  record Prefixed<K>(String text) implements Invalidation<K> {}

  /**
   * Returns keys of one cache as the application has them.
   *
   * @param cache the name of the cache
   * @param keys the keys
   * @return the invalidation
   */
  static OfCache<Object> keys(String cache, Object... keys) {
    return new Keys<>(cache, List.of(keys));
  }
}
