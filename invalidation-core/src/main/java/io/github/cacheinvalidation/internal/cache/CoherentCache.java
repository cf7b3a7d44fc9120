package io.github.cacheinvalidation.internal.cache;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.loading.FutureLoads;
import io.github.cacheinvalidation.internal.loading.Loading;
import io.github.cacheinvalidation.internal.loading.WaitForGraph;
import io.github.cacheinvalidation.internal.outbox.InvalidationSink;
import io.github.cacheinvalidation.internal.store.EntryStore;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import io.github.cacheinvalidation.internal.transaction.UnitOfWork;
import io.github.cacheinvalidation.internal.transaction.WriteTarget;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.caffeine.CaffeineCache;

/**
 * A local cache that publishes its writes and answers reads locally. A value that {@code get(key,
 * loader)} or {@code retrieve(key, loader)} loads is stored here and not published.
 *
 * <table>
 * <caption>When writes act, here and elsewhere; "the end" is the commit or the rollback</caption>
 * <tr><th>operation</th><th>outside a transaction</th><th>inside a transaction</th></tr>
 * <tr><td>evict, clear</td><td>at once</td><td>after the end</td></tr>
 * <tr><td>evictIfPresent, invalidate</td><td>at once</td>
 * <td>here at once; here and elsewhere at each resume and after the end</td></tr>
 * <tr><td>put</td><td>at once</td><td>after the commit; after a rollback it evicts</td></tr>
 * <tr><td>putIfAbsent</td><td>at once; published if it stored</td>
 * <td>as put; until the end, other callers get the value and store none</td></tr>
 * </table>
 *
 * <p>If the transaction was suspended since the annotated method was called (without such a call:
 * since the transaction began), the change may be committed already. Then evictions and clears also
 * act at once, here and elsewhere, and a put, or a putIfAbsent that will store, evicts at once. The
 * same applies to a result on a thread outside the call's transaction; no put is stored while that
 * transaction is open.
 *
 * <p>It is a {@link CaffeineCache}, so that tools for that class can observe it. A clear does not
 * replace the native cache object. Direct use of that object bypasses every promise.
 */
final class CoherentCache extends CaffeineCache implements WriteTarget {

  private final EntryStore store;

  private final KeyTypes types;

  private final boolean localOnly;

  private final Transactions transactions;

  private final InvalidationObserver observer;

  private final Loading loading;

  private final FutureLoads futures;

  private final Evictions evictions;

  private final PutsIfAbsent ifAbsent;

  CoherentCache(
      String name,
      NativeCache nativeCache,
      EntryStore store,
      KeyTypes types,
      CacheSettings settings,
      InvalidationSink sink,
      Transactions transactions,
      WaitForGraph waitForGraph,
      InvalidationObserver observer) {
    super(name, nativeCache, settings.allowNullValues());
    this.store = store;
    this.types = types;
    this.localOnly = settings.localOnly();
    this.transactions = transactions;
    this.observer = observer;
    this.loading =
        new Loading(this, store, types, transactions, waitForGraph, observer, this::toStoreValue);
    this.futures = new FutureLoads(name, loading, transactions, observer);
    this.evictions = new Evictions(this, store, types, sink, transactions);
    this.ifAbsent = new PutsIfAbsent(this, store, transactions, this::lookup);
  }

  EntryStore store() {
    return store;
  }

  KeyTypes types() {
    return types;
  }

  Loading loading() {
    return loading;
  }

  Evictions evictions() {
    return evictions;
  }

  @Override
  protected @Nullable Object lookup(Object key) {
    if (transactions.currentHasWritten(this, key)) {
      return null;
    }
    Object own = loading.own(key);
    return own == null ? store.lookup(key) : own;
  }

  /** Returns the value that the caller may see for a key; null if it is not cached. */
  @Nullable ValueWrapper find(Object key) {
    return toValueWrapper(lookup(key));
  }

  @Override
  @SuppressWarnings("unchecked") // as in Spring, the caller chooses the type of the value
  public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
    try {
      return (T) fromStoreValue(loading.get(key, valueLoader, this::lookup));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ValueRetrievalException(key, valueLoader, interrupted);
    } catch (Exception failure) {
      throw new ValueRetrievalException(key, valueLoader, failure);
    }
  }

  @Override
  public @Nullable CompletableFuture<?> retrieve(Object key) {
    ValueWrapper present = find(key);
    return present == null ? null : CompletableFuture.completedFuture(present);
  }

  @Override
  @SuppressWarnings("unchecked") // as in Spring, the caller chooses the type of the value
  public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
    return futures
        .retrieve(key, valueLoader, this::lookup)
        .thenApply(value -> (T) fromStoreValue(value));
  }

  /**
   * Stores and publishes a value that the caller states to be current. A put by a decorator for an
   * annotated method goes through the view of that method.
   */
  @Override
  public void put(Object key, @Nullable Object value) {
    CacheView view = DecoratedView.presentOf(this);
    if (view != null) {
      view.put(key, value);
      return;
    }
    AspectPuts.refuse(AspectPuts.STACK.getCallerClass(), getName());
    putSince(key, value, null);
  }

  /**
   * Puts the result of a call, or a current value if there is no call. The result only evicts if a
   * transaction was rolled back since, if the call's transaction is neither committed nor current,
   * if the thread's transaction has ended, or if its or a persistence context's start was not seen.
   */
  void putSince(Object givenKey, @Nullable Object value, @Nullable CallBegin begin) {
    if (value == null && !isAllowNullValues()) {
      evictions.evict(givenKey, begin); // the caller changed the value, and gets an exception
    }
    Object key = types.lasting(givenKey);
    Object storeValue = toStoreValue(value);
    UnitOfWork unit = transactions.current();
    types.register(key);
    evictions.gatherElsewhere(begin, unit, key);
    boolean evicting = begin != null && isUncertain(unit, begin);
    Long stamp = begin == null ? null : begin.load().stamp();
    if (unit == null) {
      try {
        if (evicting) {
          evictions.evictHere(key);
        } else {
          storePut(key, storeValue, stamp == null ? null : transactions.stampOf(stamp));
        }
      } finally {
        evictions.publish(key);
      }
      return;
    }
    try {
      evictIfDue(unit, key, begin);
    } finally {
      if (evicting) {
        evictions.gather(unit, key);
      } else {
        gatherPut(unit, key, storeValue, stamp == null ? store.stamp() : unit.stampOf(stamp));
      }
    }
  }

  private void evictIfDue(UnitOfWork unit, Object key, @Nullable CallBegin begin) {
    if (Evictions.isDue(unit, begin)) {
      evictions.evictHere(key);
      evictions.publish(key);
    }
  }

  private void gatherPut(UnitOfWork unit, Object key, Object storeValue, long since) {
    evictions.coverSynonyms(unit, key);
    unit.put(this, key, storeValue, since);
  }

  private boolean isUncertain(@Nullable UnitOfWork unit, CallBegin begin) {
    return loading.isRolledBack(begin.load())
        || !begin.isPresentOrCommitted(unit)
        || (unit == null ? transactions.reading() != null : unit.startStamp() == UnitOfWork.UNSEEN);
  }

  @Override
  public @Nullable ValueWrapper putIfAbsent(Object givenKey, @Nullable Object value) {
    Object key = types.lasting(givenKey);
    types.register(key);
    Object storeValue = toStoreValue(value);
    UnitOfWork unit = transactions.current();
    if (unit != null) {
      Object there = ifAbsent.reserve(unit, key, storeValue);
      if (there == null) {
        try {
          evictIfDue(unit, key, null);
        } finally { // last, because the eviction refuses earlier puts
          gatherPut(unit, key, storeValue, store.stamp());
        }
      }
      return toValueWrapper(there);
    }
    Object present = ifAbsent.put(key, storeValue);
    if (present == null) {
      evictions.evictSynonyms(key);
      evictions.publish(key);
    }
    return toValueWrapper(present);
  }

  @Override
  public void evict(Object key) {
    evictions.evict(key, DecoratedView.beginOf(this));
  }

  @Override
  public boolean evictIfPresent(Object key) {
    return evictions.evictIfPresent(key, DecoratedView.beginOf(this));
  }

  @Override
  public void clear() {
    evictions.clear(DecoratedView.beginOf(this));
  }

  @Override
  public boolean invalidate() {
    return evictions.invalidate(DecoratedView.beginOf(this));
  }

  /** Evicts keys with as few messages as possible. */
  void evictAll(Set<Object> keys) {
    evictions.evictAll(keys);
  }

  @Override
  public String name() {
    return getName();
  }

  @Override
  public boolean localOnly() {
    return localOnly;
  }

  @Override
  public void applyEvict(Object key) {
    evictions.evictHere(key);
  }

  @Override
  public void applyClear() {
    clear(ClearReason.REQUESTED);
  }

  @Override
  public void applyPut(Object key, Object storeValue, long stamp) {
    storePut(key, storeValue, stamp);
  }

  private void storePut(Object key, Object storeValue, @Nullable Long stamp) {
    try {
      if (stamp == null) {
        store.put(key, storeValue);
      } else if (loading.mayHaveMissed(stamp)) {
        store.evict(key);
      } else {
        store.putUnlessNewer(key, storeValue, stamp);
      }
    } catch (RuntimeException | Error notStored) {
      store.evict(key);
      throw notStored;
    } finally {
      evictions.evictSynonyms(key);
    }
  }

  /** Clears this node's entries without publishing; returns whether there were any. */
  boolean clear(ClearReason reason) {
    boolean held = store.clear();
    observer.cleared(getName(), reason);
    return held;
  }

  /** Clears the cache if its staleness bound has passed. */
  void expireBeyondLimit() {
    store.expireBeyondLimit();
  }
}
