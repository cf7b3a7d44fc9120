package io.github.cacheinvalidation.wire;

import java.util.List;

/** One thing that a message says became stale. */
public sealed interface Invalidation {

  /** How many keys of one cache a node may name in a message. None of ours exceeds it. */
  int MOST_KEYS = 32_768;

  /**
   * How many keys of one cache a message from outside may name. Each is tried as every type used
   * here, and a codec may refuse it with an exception; so many of them take the listener less than
   * a second at the worst.
   */
  int MOST_OPEN_KEYS = 4_096;

  /**
   * Typed keys of one cache, for {@link KeyTypes#match}.
   *
   * @param cache the name of the cache
   * @param keys the keys
   */
  record Keys(String cache, List<WireKey> keys) implements Invalidation {
    public Keys {
      keys = List.copyOf(keys);
    }

    /** Returns how many keys there are; one of the list can stand for many. */
    public int count() {
      return Invalidation.count(keys);
    }
  }

  /**
   * Keys of one cache that come from outside, for {@link KeyTypes#matchOpen}.
   *
   * @param cache the name of the cache
   * @param keys the keys
   */
  record OpenKeys(String cache, List<WireKey> keys) implements Invalidation {
    public OpenKeys {
      keys = List.copyOf(keys);
    }
  }

  /**
   * All of one cache.
   *
   * @param cache the name of the cache
   */
  record Whole(String cache) implements Invalidation {}

  /**
   * Returns typed keys of one cache; all of it if they are more than {@link #MOST_KEYS}.
   *
   * @param cache the name of the cache
   * @param keys the keys
   * @return the invalidation
   */
  static Invalidation ofKeys(String cache, List<WireKey> keys) {
    return count(keys) > MOST_KEYS ? new Whole(cache) : new Keys(cache, keys);
  }

  private static int count(List<WireKey> keys) {
    long count = keys.size();
    for (WireKey key : keys) {
      count += key instanceof WireValue.Packed packed ? packed.size() - 1L : 0;
    }
    return (int) Math.min(count, Integer.MAX_VALUE);
  }

  /**
   * Returns keys that come from outside; all of the cache if they are more than {@link
   * #MOST_OPEN_KEYS}.
   *
   * @param cache the name of the cache
   * @param keys the keys
   * @return the invalidation
   */
  static Invalidation ofOpenKeys(String cache, List<WireKey> keys) {
    return keys.size() > MOST_OPEN_KEYS ? new Whole(cache) : new OpenKeys(cache, keys);
  }

  /** All of every cache. */
  record Everything() implements Invalidation {}

  /**
   * Something of one cache, in a format that is newer than this reader: all of it is stale.
   *
   * @param cache the name of the cache
   */
  record Newer(String cache) implements Invalidation {}

  /**
   * The key after the colon in the cache before it, and the text as key of every cache with string
   * keys.
   *
   * @param text the text
   */
  record Prefixed(String text) implements Invalidation {}
}
