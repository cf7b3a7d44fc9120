package io.github.cacheinvalidation.wire;

import java.util.List;
import java.util.Objects;

/**
 * What became stale in one cache, ready to be published.
 *
 * @param cache the name of the cache: valid Unicode, at most 10,000 characters
 * @param whole whether all of the cache became stale; then there are no keys
 * @param keys the keys as {@link KeyEncoder} and {@link PackedNumbers} wrote them; the arrays are
 *     not copied
 * @param count how many keys that are
 */
public record CacheKeys(String cache, boolean whole, List<byte[]> keys, int count) {

  private static final int MAX_NAME = 10_000;

  public CacheKeys {
    Objects.requireNonNull(cache, "'cache' must not be null");
    if (cache.length() > MAX_NAME || cache.codePoints().anyMatch(CacheKeys::isLoneSurrogate)) {
      throw new IllegalArgumentException(
          "'cache' must be valid Unicode of at most %d characters, or no node can read it; rename the cache"
              .formatted(MAX_NAME));
    }
    keys = List.copyOf(keys);
    if (whole && !keys.isEmpty()) {
      throw new IllegalArgumentException(
          "'keys' must be empty for the whole of cache '%s' but has %d"
              .formatted(cache, keys.size()));
    }
  }

  /** Keys of which none are packed. */
  public CacheKeys(String cache, boolean whole, List<byte[]> keys) {
    this(cache, whole, keys, keys.size());
  }

  private static boolean isLoneSurrogate(int codePoint) {
    return Character.MIN_SURROGATE <= codePoint && codePoint <= Character.MAX_SURROGATE;
  }
}
