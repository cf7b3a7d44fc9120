package io.github.cacheinvalidation.internal.cache;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.loading.FutureLoads;
import io.github.cacheinvalidation.internal.loading.Loading;
import io.github.cacheinvalidation.internal.loading.WaitForGraph;
import io.github.cacheinvalidation.internal.outbox.Outbox;
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
 * A local cache whose writes are published. Reads are answered here; a value loaded by {@code
 * get(key, loader)} or {@code retrieve(key, loader)} is stored here and not published.
 *
 * <table>
 * <caption>What is a write, and when it happens</caption>
 * <tr><th>operation</th><th>outside a transaction</th><th>inside a transaction</th></tr>
 * <tr><td>evict, clear</td><td>at once, here and elsewhere</td>
 * <td>after the commit or the rollback</td></tr>
 * <tr><td>evictIfPresent, invalidate</td><td>at once, here and elsewhere</td>
 * <td>at once here; each time the transaction is resumed, and after the commit or the rollback, here and
 * elsewhere</td></tr>
 * <tr><td>put</td><td>at once, here and elsewhere</td>
 * <td>after the commit; after a rollback it evicts</td></tr>
 * <tr><td>putIfAbsent</td><td>at once; published if it stored</td>
 * <td>as put; until the transaction ends other callers are answered with the value and store
 * none</td></tr>
 * </table>
 *
 * <p>If the transaction was suspended since the call of an annotated method began, or since the
 * transaction began where there is no such call, then evictions and clears act at once too, here
 * and elsewhere, and a put, or a putIfAbsent that will store, evicts at once: what they stand for
 * may be committed already. The same is true of a result that comes on a thread which is not in the
 * transaction of the call; a put then stores nothing while that transaction is open.
 *
 * <p>It is a {@link CaffeineCache}, so that what knows how to observe one observes this one. Its
 * native cache stays the same object over clears; using it directly bypasses every promise.
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
      boolean localOnly,
      Outbox outbox,
      Transactions transactions,
      WaitForGraph waitForGraph,
      InvalidationObserver observer) {
    super(name, nativeCache, true);
    this.store = store;
    this.types = types;
    this.localOnly = localOnly;
    this.transactions = transactions;
    this.observer = observer;
    this.loading =
        new Loading(this, store, types, transactions, waitForGraph, observer, this::toStoreValue);
    this.futures = new FutureLoads(name, loading, transactions, observer);
    this.evictions = new Evictions(this, store, types, outbox, transactions);
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

  /** Returns the value of a key as a caller sees it; null if it is not cached. */
  @Nullable ValueWrapper find(Object key) {
    return toValueWrapper(lookup(key));
  }

  @Override
  @SuppressWarnings("unchecked") // the caller says what type the key's values have, as in Spring
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
  @SuppressWarnings("unchecked") // the caller says what type the key's values have, as in Spring
  public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
    return futures
        .retrieve(key, valueLoader, this::lookup)
        .thenApply(value -> (T) fromStoreValue(value));
  }

  /**
   * Takes a value that the caller says is the present one. What a decorator hands on for an
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
   * Puts the result of a call; without one the value is its own word. The result only evicts where
   * a transaction was rolled back since, where the transaction of the call has not committed and is
   * not that of the calling thread, where it has ended already, or where its beginning, or that of
   * a persistence context, was not seen, so that the result can be older than the stamp says.
   */
  void putSince(Object givenKey, @Nullable Object value, @Nullable CallBegin begin) {
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
        } finally { // the eviction refuses what was put before it
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

  /** Evicts many keys with as few messages as possible. */
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

  /** Clears this node's entries and publishes nothing; returns whether there were any. */
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
