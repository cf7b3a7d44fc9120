package io.github.cacheinvalidation.internal.transaction;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.cache.Cache;

/** Lookups whose loads are counted, in transactions and outside of them. */
abstract class TransactionLoadsFixture extends TransactionFixture {

  final AtomicInteger loads = new AtomicInteger();

  Object load(Object key) {
    return load(database.cache(), key);
  }

  /** Returns how many loads there have been, this one included if there is one. */
  Object load(Cache cache, Object key) {
    return Objects.requireNonNull(cache.get(key, loads::incrementAndGet));
  }
}
