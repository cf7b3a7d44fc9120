package io.github.cacheinvalidation.test;

import io.github.cacheinvalidation.Invalidation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractAssert;
import org.springframework.util.ClassUtils;

/**
 * Assertions about {@link RecordedInvalidations}. They do not wait. Keys are compared by {@code
 * equals}, arrays by their elements; whole numbers of different types are equal if their values
 * are, as in the caches.
 */
public final class RecordedInvalidationsAssert
    extends AbstractAssert<RecordedInvalidationsAssert, RecordedInvalidations> {

  private static final boolean TRANSACTIONS =
      ClassUtils.isPresent(
          "org.springframework.transaction.support.TransactionSynchronizationManager",
          RecordedInvalidationsAssert.class.getClassLoader());

  RecordedInvalidationsAssert(RecordedInvalidations actual) {
    super(actual, RecordedInvalidationsAssert.class);
  }

  /**
   * Verifies that keys of a cache were evicted. A put of a key counts, because the other nodes then
   * evict that key. A clear of the whole cache does not count.
   *
   * @param cache the name of the cache
   * @param keys the keys, at least one
   * @return this assertion
   * @throws AssertionError if a key was not evicted
   */
  public RecordedInvalidationsAssert hasEvicted(String cache, Object... keys) {
    List<Object> missing = requireKeys(keys);
    missing.removeIf(key -> evicted(cache).anyMatch(each -> isSame(each, key)));
    if (!missing.isEmpty()) {
      throw failed("that cache '" + cache + "' has evicted " + texts(missing));
    }
    return this;
  }

  /**
   * Verifies that keys of a cache were evicted, and nothing else was invalidated in any cache.
   *
   * @param cache the name of the cache
   * @param keys the keys, at least one
   * @return this assertion
   * @throws AssertionError if a key was not evicted, or another key or a whole cache was
   *     invalidated
   */
  public RecordedInvalidationsAssert hasOnlyEvicted(String cache, Object... keys) {
    hasEvicted(cache, keys);
    List<Object> expected = requireKeys(keys);
    boolean others =
        actual.all().stream().anyMatch(each -> isWhole(each) || !each.cache().equals(cache))
            || evicted(cache)
                .anyMatch(each -> expected.stream().noneMatch(key -> isSame(each, key)));
    if (others) {
      throw failed("that cache '" + cache + "' has only evicted " + texts(expected));
    }
    return this;
  }

  /**
   * Verifies that keys of a cache stayed valid: they were not evicted, and the cache was not
   * cleared.
   *
   * @param cache the name of the cache
   * @param keys the keys, at least one
   * @return this assertion
   * @throws AssertionError if a key was evicted, or the cache was cleared
   */
  public RecordedInvalidationsAssert hasNotEvicted(String cache, Object... keys) {
    List<Object> unexpected = requireKeys(keys);
    if (isCleared(cache)
        || evicted(cache)
            .anyMatch(each -> unexpected.stream().anyMatch(key -> isSame(each, key)))) {
      throw failed("that cache '" + cache + "' has not evicted " + texts(unexpected));
    }
    return this;
  }

  /**
   * Verifies that a cache was cleared as a whole.
   *
   * @param cache the name of the cache
   * @return this assertion
   * @throws AssertionError if the cache was not cleared
   */
  public RecordedInvalidationsAssert hasCleared(String cache) {
    if (!isCleared(cache)) {
      throw failed("that cache '" + cache + "' was cleared");
    }
    return this;
  }

  /**
   * Verifies that nothing was invalidated.
   *
   * @return this assertion
   * @throws AssertionError if a key or a cache was invalidated
   */
  public RecordedInvalidationsAssert isEmpty() {
    if (!actual.all().isEmpty()) {
      throw failed("that nothing was invalidated");
    }
    return this;
  }

  private static List<Object> requireKeys(Object... keys) {
    if (keys.length == 0) {
      throw new IllegalArgumentException(
          "'keys' must not be empty. Name a key, or use hasCleared for a whole cache");
    }
    return new ArrayList<>(Arrays.asList(keys));
  }

  private boolean isCleared(String cache) {
    return actual.all().stream().anyMatch(each -> isWhole(each) && each.cache().equals(cache));
  }

  private static boolean isWhole(Invalidation.OfCache<Object> stale) {
    return !(stale instanceof Invalidation.Keys<Object>);
  }

  private Stream<Object> evicted(String cache) {
    return actual.all().stream()
        .filter(each -> each.cache().equals(cache))
        .flatMap(RecordedInvalidationsAssert::keys);
  }

  private static Stream<Object> keys(Invalidation.OfCache<Object> stale) {
    return stale instanceof Invalidation.Keys<Object> some ? some.keys().stream() : Stream.empty();
  }

  private static boolean isSame(Object key, Object other) {
    return Objects.deepEquals(key, other)
        || (isWholeNumber(key)
            && isWholeNumber(other)
            && ((Number) key).longValue() == ((Number) other).longValue());
  }

  private static boolean isWholeNumber(Object key) {
    return key instanceof Long
        || key instanceof Integer
        || key instanceof Short
        || key instanceof Byte;
  }

  private AssertionError failed(String expectation) {
    List<Invalidation.OfCache<Object>> all = actual.all();
    String recorded =
        all.isEmpty()
            ? " nothing was invalidated"
            : all.stream().map(RecordedInvalidationsAssert::text).collect(Collectors.joining());
    String hint =
        TRANSACTIONS && OpenTransaction.isThere()
            ? ". The transaction of this test is still open: invalidations act at its end. Call"
                + " TestTransaction.end(), or remove @Transactional from the test"
            : "";
    return failure("Expected %s, but%s%s", expectation, recorded, hint);
  }

  private static String text(Invalidation.OfCache<Object> stale) {
    String what = isWhole(stale) ? "was cleared" : "has evicted " + texts(keys(stale).toList());
    return "\n  cache '" + stale.cache() + "' " + what;
  }

  private static String texts(List<Object> keys) {
    return keys.stream().map(Text::of).collect(Collectors.joining(", "));
  }
}
