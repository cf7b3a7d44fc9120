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
 * Loads values into one cache. It decides when a load begins, whether its value is stored, and
 * which caller waits for which load. A loader runs on its caller's thread and under no lock.
 *
 * <p>The stamp of a load is taken before the load begins. In a transaction it is the stamp of the
 * transaction's beginning, because the transaction may see the database as of then. Under an open
 * persistence context it is the stamp of the context's opening. A value that a read-write
 * transaction loads is stored after the commit or not at all: it may depend on uncommitted data.
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

  /** Returns the value of a key that the calling thread's transaction has loaded, or null. */
  public @Nullable Object own(Object key) {
    return own.lookup(key);
  }

  /** Begins a load whose key is given when its value is stored. */
  public Load begin() {
    return Load.in(transactions, store.stamp());
  }

  /** Begins a load of a key; the key's type is known here from then on. */
  public Load begin(Object key) {
    types.register(key);
    return begin(key, store.stamp());
  }

  /** Begins a load that callers may join; clears the cache first if its bound has passed. */
  InFlightLoad beginJoinable(Object key) {
    store.expireBeyondLimit();
    return new InFlightLoad(begin(key));
  }

  /** Registers a load of a key that began at a stamp. */
  public Load begin(Object key, long stamp) {
    types.register(key);
    return Load.in(transactions, stamp);
  }

  /**
   * Begins a load outside of transactions and older persistence contexts.
   *
   * @return its stamp; {@link UnitOfWork#UNSEEN} if the thread is inside one: no load has begun
   */
  public long beginAlone(Object key) {
    types.register(key);
    long stamp = store.stamp();
    return isAlone(stamp) ? stamp : UnitOfWork.UNSEEN;
  }

  private boolean isAlone(long stamp) {
    return transactions.reading() == null && transactions.stampOf(stamp) == stamp;
  }

  /** Returns the stamp of a computation that begins now on this thread, outside of transactions. */
  public long stamp() {
    return transactions.stampOf(store.stamp());
  }

  /**
   * Stores a loaded value, now or after the commit, unless the fence refuses it. If the load began
   * in one transaction, or in none, and ends in another, such as a {@code Mono} subscribed there,
   * it may have read through both; its value is then stored after both commits.
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

  /** Stores the value of a load that {@linkplain #beginAlone began alone}. */
  public void store(long stamp, LongPredicate rollbacks, Object key, @Nullable Object value) {
    store(Load.alone(stamp, rollbacks), key, value);
  }

  /** Returns a test, for any thread, for rollbacks on the calling thread since a stamp. */
  public LongPredicate rollbacks() {
    return transactions.rollbacks();
  }

  /**
   * Returns whether a transaction was rolled back since a load began, on the thread on which the
   * load began or on the calling thread, which brings the value.
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

  /** Runs the fill once the data that the load's transaction has seen is committed. */
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
   * Returns the cached value of a key, or loads it with one shared load at a time for each key.
   * Blocks while another thread loads; if that load fails, the caller tries again. A caller in a
   * transaction, or whose wait would close a cycle of waits, loads alone.
   *
   * @param lookup looks the key up in the cache
   * @return the value in the form in which the cache holds it
   * @throws Exception the failure of the caller's loader, or {@link InterruptedException} if a wait
   *     for another load is interrupted
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
      observer.loadJoined(cache.name());
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

  /** Returns whether a load can still be joined: the fence would still store its value. */
  boolean isJoinable(Object key, InFlightLoad inFlight) {
    return store.isFillable(key, inFlight.load().stamp());
  }

  /** Loads as the leader, after a last lookup: another leader may have stored a value. */
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

  /** Stores the value of an in-flight load and returns it in the form of the cache. */
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
   * Returns whether an invalidation since the stamp may have named a key of a type that was not
   * known here at that time. A stamp can be older than the type of its key if the transaction began
   * earlier.
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
      throw new IllegalStateException("'toStoreValue' must return a placeholder for null");
    }
    return stored;
  }
}
