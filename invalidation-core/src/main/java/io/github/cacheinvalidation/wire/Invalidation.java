package io.github.cacheinvalidation.wire;

import java.util.List;

/** One thing that a message says became stale. */
public sealed interface Invalidation {

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
