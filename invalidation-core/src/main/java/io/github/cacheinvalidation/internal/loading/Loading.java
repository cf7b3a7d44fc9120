package io.github.cacheinvalidation.internal.loading;

import io.github.cacheinvalidation.FillRefusal;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.store.EntryStore;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import io.github.cacheinvalidation.internal.transaction.UnitOfWork;
import io.github.cacheinvalidation.internal.transaction.WriteTarget;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How values get into one cache by loading: when a load begins, whether what it brought is stored,
 * and who waits for whom. A loader runs on its caller's thread and under no lock.
 *
 * <p>The stamp of a load is taken before it begins; in a transaction it is that of the
 * transaction's beginning, since the transaction may see the database as it was then, and under a
 * persistence context that is kept open it is that of the opening. What a read-write transaction
 * loads is stored after its commit or not at all, because it may depend on what is not committed.
 */
public final class Loading {

  private final WriteTarget cache;

  private final EntryStore store;

  private final KeyTypes types;

  private final Transactions transactions;

  private final WaitForGraph waitForGraph;

  private final InvalidationObserver observer;

  private final UnaryOperator<@Nullable Object> toStoreValue;

  private final TransactionLoads own;

  private final InFlightLoads blocking = new InFlightLoads();

  public Loading(
      WriteTarget cache,
      EntryStore store,
      KeyTypes types,
      Transactions transactions,
      WaitForGraph waitForGraph,
      InvalidationObserver observer,
      UnaryOperator<@Nullable Object> toStoreValue) {
    this.cache = cache;
    this.store = store;
    this.types = types;
    this.transactions = transactions;
    this.waitForGraph = waitForGraph;
    this.observer = observer;
    this.toStoreValue = toStoreValue;
    this.own = new TransactionLoads(cache, store, transactions, this::mayHaveMissed);
  }

  /** Returns what the calling thread's transaction has loaded of a key; null if nothing. */
  public @Nullable Object own(Object key) {
    return own.lookup(key);
  }

  /** Begins a load of a key that is named when the load is stored. */
  public Load begin() {
    return Load.in(transactions, store.stamp());
  }

  /** Begins a load of a key; the key's type is known here from then on. */
  public Load begin(Object key) {
    types.register(key);
    return begin(key, store.stamp());
  }

  /** The same where others may wait for it: not for loads from before the bound passed. */
  InFlightLoad beginJoinable(Object key) {
    store.expireBeyondLimit();
    return new InFlightLoad(begin(key));
  }

  /** Notes a load of a key that began at a stamp. */
  public Load begin(Object key, long stamp) {
    types.register(key);
    return Load.in(transactions, stamp);
  }

  /**
   * Begins a load with which no transaction and no older persistence context has to do.
   *
   * @return its stamp; {@link UnitOfWork#UNSEEN} if one has, and none has begun
   */
  public long beginAlone(Object key) {
    types.register(key);
    long stamp = store.stamp();
    return isAlone(stamp) ? stamp : UnitOfWork.UNSEEN;
  }

  private boolean isAlone(long stamp) {
    return transactions.reading() == null && transactions.stampOf(stamp) == stamp;
  }

  /** Returns the stamp of what the calling thread computes from now on, outside of transactions. */
  public long stamp() {
    return transactions.stampOf(store.stamp());
  }

  /**
   * Stores what a load brought, now or after the commit, unless the fence refuses it. A load can
   * end in another transaction than it began in, or begin in none, as a {@code Mono} that is
   * subscribed there does; then it has seen what both see.
   */
  public void store(Load load, Object key, @Nullable Object value) {
    types.register(key);
    if (isRolledBack(load)) {
      refuseForTransaction();
    } else if (load.isAlone() && isAlone(load.stamp())) {
      fill(load.stamp(), key, value);
    } else {
      storeInTransaction(load, key, value);
    }
  }

  /** The same for a load that {@linkplain #beginAlone began alone}. */
  public void store(long stamp, LongPredicate rollbacks, Object key, @Nullable Object value) {
    store(Load.alone(stamp, rollbacks), key, value);
  }

  /** Returns the rollbacks of the calling thread. */
  public LongPredicate rollbacks() {
    return transactions.rollbacks();
  }

  /**
   * Whether a transaction was rolled back since a load began: one of the thread on which it began,
   * or one of the calling thread, which brings the value.
   */
  public boolean isRolledBack(Load load) {
    return load.isRolledBack() || transactions.rolledBackSince(load.begun());
  }

  private void storeInTransaction(Load load, Object key, @Nullable Object value) {
    Load ended = Load.in(transactions, load.stamp());
    if (ended.unit() == load.unit() || (ended.unit() == null && ended.stamp() == load.stamp())) {
      own.keep(load, types.lasting(key), stored(value));
      settle(load, () -> fill(load.stamp(), key, value));
    } else {
      settle(load, () -> settle(ended, () -> fill(ended.stamp(), key, value)));
    }
  }

  /** Runs the fill once what the load's transaction has seen is committed. */
  private void settle(Load load, Runnable fill) {
    UnitOfWork unit = load.unit();
    if (load.stamp() == UnitOfWork.UNSEEN
        || (unit != null && unit.startStamp() == UnitOfWork.UNSEEN)) {
      observer.fillRefused(cache.name(), FillRefusal.UNSEEN_TRANSACTION);
    } else if (unit == null || unit.isReadOnly()) {
      fill.run();
    } else {
      unit.whenCommitted(load.savepointRollbacks(), fill, this::refuseForTransaction);
    }
  }

  /**
   * Returns what a loader brings, with one load at a time for each key.
   *
   * @param lookup answers from the cache
   * @return the value in the form in which the cache holds it
   * @throws Exception what the loader of the caller threw, or of the flight that the caller joined
   */
  public <T> Object get(Object key, Callable<T> loader, Function<Object, @Nullable Object> lookup)
      throws Exception {
    boolean again = false;
    while (true) {
      Object present = lookup.apply(key);
      if (present != null) {
        return present;
      }
      InFlightLoad own = beginJoinable(key);
      if (own.load().unit() != null) {
        return store(own, key, loader.call());
      }
      InFlightLoad inFlight = blocking.joinOrLead(key, own, other -> isJoinable(key, other));
      if (inFlight == own) {
        return lead(own, key, loader, again ? lookup : unasked -> null);
      }
      if (!waitForGraph.begin(inFlight)) {
        return store(own, key, loader.call());
      }
      again = true;
      try {
        Object value = inFlight.outcome().get();
        if (value != null) {
          return value;
        }
      } catch (ExecutionException leaderFailed) {
        observer.leaderFailed(cache.name());
      } finally {
        waitForGraph.end();
      }
    }
  }

  /** Whether a flight can still be joined: the fence would still store its value. */
  boolean isJoinable(Object key, InFlightLoad inFlight) {
    return store.isFillable(key, inFlight.load().stamp());
  }

  /** Looks once more before it loads, where another may have led since the last look. */
  private <T> Object lead(
      InFlightLoad inFlight,
      Object key,
      Callable<T> loader,
      Function<Object, @Nullable Object> lookup)
      throws Exception {
    Object value;
    try {
      Object stored = lookup.apply(key);
      value = stored != null ? stored : store(inFlight, key, loader.call());
    } catch (Throwable failure) {
      blocking.land(key, inFlight, null, failure);
      throw failure;
    }
    blocking.land(key, inFlight, value, null);
    return value;
  }

  /** Stores what the load of a flight brought, and returns it in the form of the cache. */
  public Object store(InFlightLoad inFlight, Object key, @Nullable Object value) {
    UnitOfWork reading = transactions.reading();
    if (isRolledBack(inFlight.load()) || (reading != null && !reading.isReadOnly())) {
      inFlight.refuseJoiners();
    }
    store(inFlight.load(), key, value);
    return stored(value);
  }

  private void fill(long stamp, Object key, @Nullable Object value) {
    FillRefusal refusal =
        mayHaveMissed(stamp) ? FillRefusal.INVALIDATED : store.fill(key, stored(value), stamp);
    if (refusal != null) {
      observer.fillRefused(cache.name(), refusal);
    }
  }

  /**
   * Whether an invalidation since the stamp may have named a key of a type that was not known here
   * at that time. A stamp can be older than the type of its key where a transaction began earlier.
   */
  public boolean mayHaveMissed(long stamp) {
    return types.completeSince() > stamp;
  }

  private void refuseForTransaction() {
    observer.fillRefused(cache.name(), FillRefusal.TRANSACTION);
  }

  private Object stored(@Nullable Object value) {
    Object stored = toStoreValue.apply(value);
    if (stored == null) {
      throw new IllegalStateException("A cache cannot hold null without a stand-in");
    }
    return stored;
  }
}
