package io.github.cacheinvalidation.internal.cache;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.outbox.Acceptance;
import io.github.cacheinvalidation.internal.outbox.InvalidationSink;
import io.github.cacheinvalidation.internal.store.EntryStore;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import io.github.cacheinvalidation.internal.transaction.UnitOfWork;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Evicts keys from one cache because of a write, here and on other nodes. Inside a transaction an
 * eviction is deferred until the transaction ends; it also acts at once if its change may be
 * committed already. A null {@code begin} means that no annotated method was called.
 */
final class Evictions {

  private final CoherentCache cache;

  private final EntryStore store;

  private final KeyTypes types;

  private final InvalidationSink sink;

  private final Transactions transactions;

  Evictions(
      CoherentCache cache,
      EntryStore store,
      KeyTypes types,
      InvalidationSink sink,
      Transactions transactions) {
    this.cache = cache;
    this.store = store;
    this.types = types;
    this.sink = sink;
    this.transactions = transactions;
  }

  /** Returns the beginning of a call of an annotated method that starts now on this thread. */
  CallBegin callBegin() {
    return CallBegin.in(transactions, store.stamp());
  }

  /** Returns whether an eviction must act at once, even if a transaction is open. */
  static boolean isDue(@Nullable UnitOfWork unit, @Nullable CallBegin begin) {
    if (unit == null) {
      return true;
    }
    return begin == null ? unit.suspensions() > 0 : begin.mayHaveCommitted(unit);
  }

  void evict(Object givenKey, @Nullable CallBegin begin) {
    Object key = types.lasting(givenKey);
    UnitOfWork unit = transactions.current();
    gatherElsewhere(begin, unit, key);
    if (unit != null) {
      gather(unit, key);
    }
    if (isDue(unit, begin)) {
      evictHere(key);
      publish(key);
    }
  }

  boolean evictIfPresent(Object givenKey, @Nullable CallBegin begin) {
    Object key = types.lasting(givenKey);
    UnitOfWork unit = transactions.current();
    gatherElsewhere(begin, unit, key);
    boolean present = evictHere(key);
    if (unit != null) {
      unit.evictAhead(cache, key);
      types.synonyms(key).forEach(other -> unit.evictAhead(cache, other));
    }
    if (isDue(unit, begin)) {
      publish(key);
    }
    return present;
  }

  void clear(@Nullable CallBegin begin) {
    UnitOfWork unit = transactions.current();
    gatherElsewhere(begin, unit, begun -> begun.clear(cache));
    if (unit != null) {
      unit.clear(cache);
    }
    if (isDue(unit, begin)) {
      cache.applyClear();
      publishWhole();
    }
  }

  boolean invalidate(@Nullable CallBegin begin) {
    UnitOfWork unit = transactions.current();
    gatherElsewhere(begin, unit, begun -> begun.clear(cache));
    boolean held = cache.clear(ClearReason.REQUESTED);
    if (unit != null) {
      unit.clearAhead(cache);
    }
    if (isDue(unit, begin)) {
      publishWhole();
    }
    return held;
  }

  void evictAll(Set<Object> givenKeys) {
    if (givenKeys.isEmpty()) {
      return;
    }
    Set<Object> keys =
        givenKeys.stream().map(types::lasting).collect(Collectors.toCollection(LinkedHashSet::new));
    UnitOfWork unit = transactions.current();
    if (unit != null) {
      keys.forEach(key -> gather(unit, key));
    }
    if (isDue(unit, null)) {
      keys.forEach(this::evictHere);
      publish(new Invalidation.Keys<>(cache.name(), keys));
    }
  }

  /** Evicts a key and its {@linkplain KeyTypes#synonyms synonyms} here; true if any was cached. */
  boolean evictHere(Object key) {
    boolean present = store.evict(key);
    return evictSynonyms(key) || present;
  }

  /** Evicts the synonyms of a key here; returns whether any was cached. */
  boolean evictSynonyms(Object key) {
    boolean present = false;
    for (Object other : types.synonyms(key)) {
      present |= store.evict(other);
    }
    return present;
  }

  /** Evicts a key after the call's transaction, unless that is the thread's current transaction. */
  void gatherElsewhere(@Nullable CallBegin begin, @Nullable UnitOfWork present, Object key) {
    gatherElsewhere(begin, present, begun -> gather(begun, key));
  }

  private static void gatherElsewhere(
      @Nullable CallBegin begin, @Nullable UnitOfWork present, Consumer<UnitOfWork> batch) {
    if (begin != null) {
      begin.gatherElsewhere(present, batch);
    }
  }

  /** Evicts a key and its synonyms after the transaction; until then hides them from it. */
  void gather(UnitOfWork unit, Object key) {
    unit.evict(cache, key);
    types.synonyms(key).forEach(other -> unit.evict(cache, other));
  }

  /**
   * Hides the synonyms of a key from the transaction. The write of the key evicts them when it is
   * applied after the transaction. Deferred as evictions of their own, they would evict the key.
   */
  void coverSynonyms(UnitOfWork unit, Object key) {
    types.synonyms(key).forEach(other -> unit.alsoEvict(cache, other));
  }

  /** Publishes that a key is stale. */
  void publish(Object key) {
    if (!cache.localOnly()) {
      await(sink.add(cache.name(), key));
    }
  }

  private void publishWhole() {
    publish(new Invalidation.Whole<>(cache.name()));
  }

  private void publish(Invalidation.OfCache<Object> stale) {
    if (!cache.localOnly()) {
      await(sink.addAll(List.of(stale)));
    }
  }

  private void await(Acceptance acceptance) {
    if (acceptance != Acceptance.NOT_AWAITED && transactions.current() != null) {
      acceptance.awaitInsideTransaction();
    } else {
      acceptance.await();
    }
  }
}
