package io.github.cacheinvalidation.internal.transaction;

import io.github.cacheinvalidation.internal.cache.Threads;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A database with caches around it, and threads that are in no transaction of it. */
abstract class TransactionFixture {

  final Database database = Database.create();

  /** Returns the entry of a key in the cache of prices, as other transactions see it. */
  @Nullable Object cachedElsewhere(Object key) {
    return onAnotherThread(() -> database.cached(key));
  }

  /** Returns the result of the work. */
  static <T extends @Nullable Object> T onAnotherThread(Callable<T> work) {
    try {
      return Threads.start(work).result();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }
}
