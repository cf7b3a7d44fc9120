package io.github.cacheinvalidation.benchmarks;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.stream.LongStream;

/** A writer and receivers that hold what it invalidates, in this JVM, over one Redis. */
interface Fleet extends AutoCloseable {

  /** All local caches are alike. */
  String SPEC = "maximumSize=2000000,expireAfterWrite=1h,recordStats";

  Object VALUE = "value";

  /** A cache of that kind, as it comes from Caffeine. */
  static com.github.benmanes.caffeine.cache.Cache<Object, Object> caffeine() {
    return Caffeine.from(SPEC).build();
  }

  /** The same, maintained by the threads that use it, which invalidates many keys faster. */
  static com.github.benmanes.caffeine.cache.Cache<Object, Object> selfMaintained() {
    return Caffeine.from(SPEC).executor(Runnable::run).build();
  }

  String name();

  /** Puts the keys into the receivers' local caches, without telling anybody. */
  void fill(List<Object> keys);

  /** Invalidates keys as a writer would; called by one thread or by several at a time. */
  void invalidate(List<Object> keys);

  /** Returns how many entries each receiver holds. */
  LongStream held();

  /**
   * After a round in which not all keys went: forgets what the receivers hold, so that the round
   * can be repeated. Returns false where a key that stays voids the run, as it does with ours.
   */
  default boolean startOver() {
    return false;
  }

  /** Throws if entries went in any other way than key by key. */
  default void requireValid() {}

  @Override
  void close();
}
