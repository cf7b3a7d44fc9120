package io.github.cacheinvalidation.wire;

import java.util.List;
import java.util.Objects;

/**
 * What a {@link ForeignMessageReader} found to be stale in one cache. A key that is a text or a
 * whole number is tried as every key type used in the cache, as in an open message; any other key
 * means itself, and the same key with numbers of another width.
 *
 * @param cache the name of the cache
 * @param whole whether all of the cache became stale; then there are no keys
 * @param keys the keys
 */
public record ForeignInvalidation(String cache, boolean whole, List<Object> keys) {

  public ForeignInvalidation {
    Objects.requireNonNull(cache, "'cache' must not be null");
    keys = List.copyOf(keys);
    if (whole && !keys.isEmpty()) {
      throw new IllegalArgumentException(
          "'keys' must be empty for the whole of cache '%s' but has %d"
              .formatted(cache, keys.size()));
    }
  }

  /**
   * Says that keys became stale.
   *
   * @param cache the name of the cache
   * @param keys the keys
   * @return the invalidation
   */
  public static ForeignInvalidation keys(String cache, Object... keys) {
    return new ForeignInvalidation(cache, false, List.of(keys));
  }

  /**
   * Says that all of a cache became stale.
   *
   * @param cache the name of the cache
   * @return the invalidation
   */
  public static ForeignInvalidation whole(String cache) {
    return new ForeignInvalidation(cache, true, List.of());
  }
}
