package io.github.cacheinvalidation.benchmarks;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.stream.LongStream;

/** A writer, and receivers that hold the keys that it invalidates, in this JVM, over one Redis. */
interface Fleet extends AutoCloseable {

  /** Spec of all local caches. */
  String SPEC = "maximumSize=2000000,expireAfterWrite=1h,recordStats";

  Object VALUE = "value";

  /** Returns a cache of that spec with the defaults of Caffeine. */
  static com.github.benmanes.caffeine.cache.Cache<Object, Object> caffeine() {
    return Caffeine.from(SPEC).build();
  }

  /**
   * Returns a cache of that spec that is maintained by the calling threads, which invalidates many
   * keys faster.
   */
  static com.github.benmanes.caffeine.cache.Cache<Object, Object> selfMaintained() {
    return Caffeine.from(SPEC).executor(Runnable::run).build();
  }

  String name();

  /** Puts the keys into the local caches of the receivers, without publishing. */
  void fill(List<Object> keys);

  /** Invalidates keys as a writer does. Called by one thread, or by several concurrently. */
  void invalidate(List<Object> keys);

  /** Returns how many entries each receiver holds. */
  LongStream held();

  /**
   * Called after a round in which not all keys were removed. Removes the entries of the receivers,
   * so that the round can be repeated. Returns false if a remaining key makes the run void, as for
   * our fleet.
   */
  default boolean startOver() {
    return false;
  }

  /** Throws if entries were removed in any other way than key by key. */
  default void requireValid() {}

  @Override
  void close();
}
