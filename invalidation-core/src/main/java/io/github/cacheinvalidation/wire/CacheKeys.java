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

  private static final int MOST_QUOTED = 50;

  public CacheKeys {
    Objects.requireNonNull(cache, "'cache' must not be null");
    requireName(cache);
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

  /**
   * Refuses a name that no message can carry.
   *
   * @param cache the name of a cache
   * @throws IllegalArgumentException if it is too long or no valid Unicode
   */
  public static void requireName(String cache) {
    boolean tooLong = cache.length() > MAX_NAME;
    if (tooLong || cache.codePoints().anyMatch(CacheKeys::isLoneSurrogate)) {
      throw new IllegalArgumentException(
          "'cache' is '%s', which has %s, so no message can name it; rename the cache, or let it be local only"
              .formatted(
                  quoted(cache),
                  tooLong
                      ? "%d characters, more than the %d allowed"
                          .formatted(cache.length(), MAX_NAME)
                      : "half of a surrogate pair"));
    }
  }

  /** The beginning of a name, with what cannot be printed replaced. */
  private static String quoted(String cache) {
    StringBuilder quoted = new StringBuilder();
    cache
        .codePoints()
        .limit(MOST_QUOTED)
        .map(point -> isLoneSurrogate(point) || Character.isISOControl(point) ? '?' : point)
        .forEach(quoted::appendCodePoint);
    return quoted + (cache.length() > MOST_QUOTED ? "..." : "");
  }

  private static boolean isLoneSurrogate(int codePoint) {
    return Character.MIN_SURROGATE <= codePoint && codePoint <= Character.MAX_SURROGATE;
  }
}
