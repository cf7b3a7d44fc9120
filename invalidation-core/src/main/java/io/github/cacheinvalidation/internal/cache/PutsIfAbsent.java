package io.github.cacheinvalidation.internal.cache;

import io.github.cacheinvalidation.internal.store.EntryStore;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import io.github.cacheinvalidation.internal.transaction.UnitOfWork;
import io.github.cacheinvalidation.internal.transaction.WriteTarget;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts values into one cache if the keys have none; of several callers, only one stores. A
 * transaction stores its value after its commit, so it reserves the key until it ends. Meanwhile
 * other callers get the reserved value. They do not wait, because two transactions could wait for
 * each other. The value is not committed, so what these callers compute is not stored.
 *
 * <p>Lookup and reservation are one step for callers of the same key, and so are lookup and store.
 * A transaction first stores its value and then releases the key.
 */
final class PutsIfAbsent {

  private final WriteTarget cache;

  private final EntryStore store;

  private final Transactions transactions;

  private final Function<Object, @Nullable Object> lookup;

  private final ConcurrentMap<Object, Reservation> reservations = new ConcurrentHashMap<>();

  /** Compared by identity, because the same value can be put again. */
  private static final class Reservation {

    private final UnitOfWork unit;

    private final Object storeValue;

    Reservation(UnitOfWork unit, Object storeValue) {
      this.unit = unit;
      this.storeValue = storeValue;
    }
  }

  PutsIfAbsent(
      WriteTarget cache,
      EntryStore store,
      Transactions transactions,
      Function<Object, @Nullable Object> lookup) {
    this.cache = cache;
    this.store = store;
    this.transactions = transactions;
    this.lookup = lookup;
  }

  /** Puts a value outside of transactions; returns the present value, or null if it was stored. */
  @Nullable Object put(Object key, Object storeValue) {
    @Nullable Object[] present = new Object[1];
    Reservation other =
        reservations.compute(
            key,
            (same, reserved) -> {
              present[0] = reserved == null ? store.putIfAbsent(key, storeValue) : null;
              return reserved;
            });
    return other == null ? present[0] : uncommitted(other);
  }

  /**
   * Reserves a key for a transaction; returns the present value, or null if there is none. After
   * null, the transaction puts the value, and no other caller does.
   */
  @Nullable Object reserve(UnitOfWork unit, Object key, Object storeValue) {
    Object own = unit.putValue(cache, key);
    if (own != null) {
      return own;
    }
    Reservation mine = new Reservation(unit, storeValue);
    @Nullable Object[] present = new Object[1];
    Reservation holder =
        reservations.compute(
            key,
            (same, reserved) -> {
              if (reserved != null && reserved.unit != unit) {
                return reserved;
              }
              present[0] = lookup.apply(key);
              return present[0] == null ? mine : reserved;
            });
    if (holder != mine) {
      return holder == null || holder.unit == unit ? present[0] : uncommitted(holder);
    }
    Runnable release = () -> reservations.remove(key, mine);
    unit.whenCommitted(unit.savepointRollbacks(), release, release);
    return null;
  }

  private Object uncommitted(Reservation other) {
    transactions.sawUncommitted();
    return other.storeValue;
  }
}
