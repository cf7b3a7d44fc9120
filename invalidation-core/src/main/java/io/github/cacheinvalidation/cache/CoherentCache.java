package io.github.cacheinvalidation.cache;

import io.github.cacheinvalidation.observer.ClearReason;
import io.github.cacheinvalidation.observer.InvalidationObserver;
import io.github.cacheinvalidation.outbox.Acceptance;
import io.github.cacheinvalidation.outbox.Outbox;
import io.github.cacheinvalidation.outbox.StaleKeys;
import io.github.cacheinvalidation.transaction.Transactions;
import io.github.cacheinvalidation.transaction.UnitOfWork;
import io.github.cacheinvalidation.transaction.WriteTarget;
import io.github.cacheinvalidation.wire.KeyTypes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.caffeine.CaffeineCache;

/**
 * A local cache whose writes are published. Reads are answered here; a value loaded by {@code
 * get(key, loader)} or {@code retrieve(key, loader)} is stored here and not published.
 *
 * <table>
 * <caption>What is a write, and when it happens</caption>
 * <tr><th>operation</th><th>outside a transaction</th><th>inside a transaction</th></tr>
 * <tr><td>put, evict, clear</td><td>at once, here and elsewhere</td><td>after the commit</td></tr>
 * <tr><td>evictIfPresent, invalidate</td><td>at once, here and elsewhere</td>
 * <td>at once here, and after the commit here and elsewhere</td></tr>
 * <tr><td>putIfAbsent</td><td>at once; published if it stored</td><td>after the commit; until then
 * other callers are answered with the value and store none</td></tr>
 * </table>
 *
 * <p>It is a {@link CaffeineCache}, so that what knows how to observe one observes this one. Its
 * native cache stays the same object over clears; using it directly bypasses every promise.
 */
final class CoherentCache extends CaffeineCache implements WriteTarget {

  private final EntryStore store;

  private final KeyTypes types;

  private final boolean localOnly;

  private final Outbox outbox;

  private final Transactions transactions;

  private final InvalidationObserver observer;

  private final Loading loading;

  private final PutsIfAbsent ifAbsent;

  CoherentCache(
      String name,
      NativeCache nativeCache,
      EntryStore store,
      KeyTypes types,
      boolean localOnly,
      Outbox outbox,
      Transactions transactions,
      Waits waits,
      InvalidationObserver observer) {
    super(name, nativeCache, true);
    this.store = store;
    this.types = types;
    this.localOnly = localOnly;
    this.outbox = outbox;
    this.transactions = transactions;
    this.observer = observer;
    this.loading =
        new Loading(this, store, types, transactions, waits, observer, this::toStoreValue);
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
    return loading
        .retrieve(key, valueLoader, this::lookup)
        .thenApply(value -> (T) fromStoreValue(value));
  }

  @Override
  public void put(Object key, @Nullable Object value) {
    putSince(key, value, null);
  }

  /**
   * Puts the result of a method that began at a stamp; without one the value is its own word. The
   * result only evicts where a transaction was rolled back since, where the transaction has ended
   * already, or where its beginning, or that of a persistence context, was not seen, so that the
   * result can be older than the stamp says.
   */
  void putSince(Object givenKey, @Nullable Object value, @Nullable Long stamp) {
    Object key = types.lasting(givenKey);
    Object storeValue = toStoreValue(value);
    UnitOfWork unit = transactions.current();
    types.register(key);
    boolean evicting = stamp != null && isUncertain(unit, stamp);
    if (unit == null) {
      try {
        if (evicting) {
          store.evict(key);
        } else {
          storePut(key, storeValue, stamp == null ? null : transactions.stampOf(stamp));
        }
      } finally {
        publish(key);
      }
    } else if (evicting) {
      unit.evict(this, key);
    } else {
      long since = stamp == null ? store.stamp() : unit.stampOf(stamp);
      unit.put(this, key, storeValue, since);
    }
  }

  private boolean isUncertain(@Nullable UnitOfWork unit, long stamp) {
    return transactions.rolledBackSince(stamp)
        || (unit == null ? transactions.reading() != null : unit.startStamp() == UnitOfWork.UNSEEN);
  }

  @Override
  public @Nullable ValueWrapper putIfAbsent(Object givenKey, @Nullable Object value) {
    Object key = types.lasting(givenKey);
    types.register(key);
    UnitOfWork unit = transactions.current();
    if (unit != null) {
      return toValueWrapper(ifAbsent.put(unit, key, toStoreValue(value)));
    }
    Object present = ifAbsent.put(key, toStoreValue(value));
    if (present == null) {
      publish(key);
    }
    return toValueWrapper(present);
  }

  @Override
  public void evict(Object givenKey) {
    Object key = types.lasting(givenKey);
    UnitOfWork unit = transactions.current();
    if (unit != null) {
      unit.evict(this, key);
    } else {
      store.evict(key);
      publish(key);
    }
  }

  @Override
  public boolean evictIfPresent(Object givenKey) {
    Object key = types.lasting(givenKey);
    boolean present = store.evict(key);
    UnitOfWork unit = transactions.current();
    if (unit != null) {
      unit.evict(this, key);
    } else {
      publish(key);
    }
    return present;
  }

  @Override
  public void clear() {
    UnitOfWork unit = transactions.current();
    if (unit != null) {
      unit.clear(this);
    } else {
      applyClear();
      publishWhole();
    }
  }

  @Override
  public boolean invalidate() {
    boolean held = store.clear();
    observer.cleared(getName(), ClearReason.REQUESTED);
    UnitOfWork unit = transactions.current();
    if (unit != null) {
      unit.clear(this);
    } else {
      publishWhole();
    }
    return held;
  }

  /** Evicts many keys with as few messages as possible. */
  void evictAll(Set<Object> givenKeys) {
    if (givenKeys.isEmpty()) {
      return;
    }
    Set<Object> keys =
        givenKeys.stream().map(types::lasting).collect(Collectors.toCollection(LinkedHashSet::new));
    UnitOfWork unit = transactions.current();
    if (unit != null) {
      keys.forEach(key -> unit.evict(this, key));
      return;
    }
    keys.forEach(store::evict);
    if (!localOnly) {
      outbox.addAll(List.of(new StaleKeys(getName(), false, keys))).await();
    }
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
    store.evict(key);
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
    }
  }

  /** Clears this node's entries and publishes nothing. */
  void clear(ClearReason reason) {
    store.clear();
    observer.cleared(getName(), reason);
  }

  /** Clears the cache if its staleness bound has passed. */
  void expireBeyondLimit() {
    store.expireBeyondLimit();
  }

  private void publish(Object key) {
    if (!localOnly) {
      Acceptance acceptance = outbox.add(getName(), key);
      acceptance.await();
    }
  }

  private void publishWhole() {
    if (!localOnly) {
      outbox.addAll(List.of(new StaleKeys(getName(), true, Set.of()))).await();
    }
  }
}
