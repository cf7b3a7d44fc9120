package io.github.cacheinvalidation.internal.loading;

import io.github.cacheinvalidation.internal.store.EntryStore;
import io.github.cacheinvalidation.internal.transaction.KeptLoad;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import io.github.cacheinvalidation.internal.transaction.UnitOfWork;
import io.github.cacheinvalidation.internal.transaction.WriteTarget;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The values of one cache that transactions have loaded and keep for their own lookups, because the
 * cache stores them only after the commit or not at all. A kept value answers a lookup only while
 * the fence would store a load that began at the same time. So no call that starts after an
 * invalidation is answered from an older load, and none is answered beyond the staleness bound.
 */
final class TransactionLoads {

  private final WriteTarget cache;

  private final EntryStore store;

  private final Transactions transactions;

  private final LongPredicate mayHaveMissed;

  TransactionLoads(
      WriteTarget cache, EntryStore store, Transactions transactions, LongPredicate mayHaveMissed) {
    this.cache = cache;
    this.store = store;
    this.transactions = transactions;
    this.mayHaveMissed = mayHaveMissed;
  }

  /** Returns the value that the calling thread's transaction keeps for a key; null if none. */
  @Nullable Object lookup(Object key) {
    KeptLoad kept = transactions.keptLoad(cache, key);
    return kept != null && isAccepted(key, kept.begun()) ? kept.storeValue() : null;
  }

  /**
   * Keeps a loaded value for the transaction of its load, unless the cache stores it at once.
   *
   * @param key a key that does not change any more
   */
  void keep(Load load, Object key, Object storeValue) {
    UnitOfWork unit = load.unit();
    if (unit != null && !isStoredAtOnce(unit, load, key)) {
      unit.keep(load.savepointRollbacks(), cache, key, new KeptLoad(storeValue, load.begun()));
    }
  }

  private boolean isStoredAtOnce(UnitOfWork unit, Load load, Object key) {
    return unit.isReadOnly()
        && unit.startStamp() != UnitOfWork.UNSEEN
        && isAccepted(key, load.stamp());
  }

  private boolean isAccepted(Object key, long stamp) {
    return !mayHaveMissed.test(stamp) && store.isFillable(key, stamp);
  }
}
