package io.github.cacheinvalidation.internal.judge;

import io.github.cacheinvalidation.internal.store.EntryStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.support.NullValue;

/**
 * An entry of a cache as it was at one moment.
 *
 * @param store the entries of the cache
 * @param key the key
 * @param held the object that the cache held, which stands for null if it is a {@code NullValue}
 * @param stamp the moment, on the logical clock; it was read before the object
 */
record JudgedEntry(EntryStore store, Object key, Object held, long stamp) {

  /**
   * Looks at a key, without being an access; returns null if nothing is held that can be judged.
   */
  static @Nullable JudgedEntry at(EntryStore store, Object key) {
    long stamp = store.stamp();
    Object held = store.entries().policy().getIfPresentQuietly(key);
    return held == null || store.state().suspect()
        ? null
        : new JudgedEntry(store, key, held, stamp);
  }

  /** Returns the value for the application. */
  @Nullable Object value() {
    return held instanceof NullValue ? null : held;
  }

  /**
   * Returns whether the cache still holds the same object, and may answer with it, and the key was
   * neither invalidated nor written since the look. The object alone does not say so: two loads can
   * return the same object, such as {@code true}.
   */
  boolean isUnchanged() {
    return store.entries().policy().getIfPresentQuietly(key) == held
        && store.isFillable(key, stamp)
        && !store.state().suspect();
  }

  /** Returns the age of the entry; null if the cache does not know. */
  @Nullable Duration age() {
    return store
        .entries()
        .policy()
        .expireAfterWrite()
        .flatMap(policy -> policy.ageOf(key))
        .orElse(null);
  }
}
