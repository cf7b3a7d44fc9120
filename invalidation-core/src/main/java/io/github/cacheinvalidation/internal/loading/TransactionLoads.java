package io.github.cacheinvalidation.internal.loading;

import io.github.cacheinvalidation.internal.store.EntryStore;
import io.github.cacheinvalidation.internal.transaction.KeptLoad;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import io.github.cacheinvalidation.internal.transaction.UnitOfWork;
import io.github.cacheinvalidation.internal.transaction.WriteTarget;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What transactions have loaded of one cache and keep for themselves, since it is not stored in the
 * cache before their commit, or not at all. A kept value answers only while the fence would store a
 * load that began when this one began. So no call that starts after an invalidation is answered
 * from an older load, and none is answered beyond the staleness bound.
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

  /** Returns what the transaction of the calling thread keeps of a key; null if it keeps none. */
  @Nullable Object lookup(Object key) {
    KeptLoad kept = transactions.keptLoad(cache, key);
    return kept != null && isAccepted(key, kept.begun()) ? kept.storeValue() : null;
  }

  /**
   * Keeps what a load brought for the transaction in which it ran.
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
