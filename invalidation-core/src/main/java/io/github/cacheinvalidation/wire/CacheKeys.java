package io.github.cacheinvalidation.wire;

import java.util.List;
import java.util.Objects;

/**
 * What became stale in one cache, ready to be published.
 *
 * @param cache the name of the cache
 * @param whole whether all of the cache became stale; then there are no keys
 * @param keys the keys as {@link KeyEncoder} wrote them; the arrays are not copied
 */
public record CacheKeys(String cache, boolean whole, List<byte[]> keys) {

  public CacheKeys {
    Objects.requireNonNull(cache, "'cache' must not be null");
    keys = List.copyOf(keys);
    if (whole && !keys.isEmpty()) {
      throw new IllegalArgumentException(
          "'keys' must be empty for the whole of cache '%s' but has %d"
              .formatted(cache, keys.size()));
    }
  }
}
