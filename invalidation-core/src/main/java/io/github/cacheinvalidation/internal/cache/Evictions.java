package io.github.cacheinvalidation.internal.cache;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.outbox.Outbox;
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
 * How keys leave one cache because of a write, here and elsewhere. Inside a transaction an eviction
 * is gathered until that ends; it acts at once too if its change may be committed already. Where a
 * method takes the beginning of a call, null says that there is no call but this one.
 */
final class Evictions {

  private final CoherentCache cache;

  private final EntryStore store;

  private final KeyTypes types;

  private final Outbox outbox;

  private final Transactions transactions;

  Evictions(
      CoherentCache cache,
      EntryStore store,
      KeyTypes types,
      Outbox outbox,
      Transactions transactions) {
    this.cache = cache;
    this.store = store;
    this.types = types;
    this.outbox = outbox;
    this.transactions = transactions;
  }

  /** Returns the beginning of a call of an annotated method on this thread. */
  CallBegin callBegin() {
    return CallBegin.in(transactions, store.stamp());
  }

  /** Whether an eviction must not wait for the end of the transaction that is open, if one is. */
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

  /** Evicts a key here, and all that it means to other nodes; returns whether any was there. */
  boolean evictHere(Object key) {
    boolean present = store.evict(key);
    return evictSynonyms(key) || present;
  }

  /** Evicts the other keys that a key means to other nodes; returns whether any was there. */
  boolean evictSynonyms(Object key) {
    boolean present = false;
    for (Object other : types.synonyms(key)) {
      present |= store.evict(other);
    }
    return present;
  }

  /** Evicts a key after the transaction of a call that began in another than the present one. */
  void gatherElsewhere(@Nullable CallBegin begin, @Nullable UnitOfWork present, Object key) {
    gatherElsewhere(begin, present, begun -> gather(begun, key));
  }

  private static void gatherElsewhere(
      @Nullable CallBegin begin, @Nullable UnitOfWork present, Consumer<UnitOfWork> batch) {
    if (begin != null) {
      begin.gatherElsewhere(present, batch);
    }
  }

  /** Evicts a key after the transaction; until then the transaction sees none that it means. */
  void gather(UnitOfWork unit, Object key) {
    unit.evict(cache, key);
    types.synonyms(key).forEach(other -> unit.evict(cache, other));
  }

  /**
   * Hides from the transaction the other keys that a key means to other nodes. What is applied for
   * the key after the transaction evicts them: as evictions of their own they would evict the key.
   */
  void coverSynonyms(UnitOfWork unit, Object key) {
    types.synonyms(key).forEach(other -> unit.cover(cache, other));
  }

  /** Tells other nodes that a key is stale. */
  void publish(Object key) {
    if (!cache.localOnly()) {
      outbox.add(cache.name(), key).await();
    }
  }

  private void publishWhole() {
    publish(new Invalidation.Whole<>(cache.name()));
  }

  private void publish(Invalidation.OfCache<Object> stale) {
    if (!cache.localOnly()) {
      outbox.addAll(List.of(stale)).await();
    }
  }
}
