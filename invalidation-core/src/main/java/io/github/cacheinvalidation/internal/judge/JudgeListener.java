package io.github.cacheinvalidation.internal.judge;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Is notified of what a judge finds, on the thread of the judge. Methods return soon and never
 * throw.
 */
public interface JudgeListener {

  /**
   * A stale entry.
   *
   * @param cache the name of the cache
   * @param key the key of the entry
   * @param differed how long the value has differed from its source, at least
   * @param age how old the entry is; null if the cache does not know
   * @param evicted whether the judge has evicted the entry
   */
  record Mismatch(
      String cache, Object key, Duration differed, @Nullable Duration age, boolean evicted) {}

  /** An entry was stale for longer than the staleness bound. */
  default void mismatch(Mismatch mismatch) {}

  /** A source, the comparison of its value, or a key threw an exception. */
  default void failed(String cache, Throwable cause) {}

  /**
   * Two reads in a row returned values that are not the same, so a cached value cannot be compared.
   *
   * @param type the class of such a value
   */
  default void incomparable(String cache, Class<?> type) {}

  /** A source was read, and its value compared. */
  default void compared(String cache) {}
}
