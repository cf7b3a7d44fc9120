package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.Invalidation;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What gathers while a message is under way, and where several invalidations become one: each key
 * once, and of a cache that is stale as a whole its name alone. Guarded by the lock of the outbox
 * until it is taken.
 */
final class Batch {

  private static final int LITTLE = 16;

  /** The keys of each cache are in a set that grows until the gathering is taken. */
  private final Map<String, Invalidation.OfCache<Object>> caches = new LinkedHashMap<>();

  private final CompletableFuture<Void> accepted = new CompletableFuture<>();

  private int keyCount;

  /** Returns false if the key cannot be kept since its own methods threw; then its cache is. */
  boolean add(String cache, Object key) {
    Invalidation.OfCache<Object> known = caches.computeIfAbsent(cache, Batch::noKeys);
    try {
      if (known instanceof Invalidation.Keys<Object> some && some.keys().add(key)) {
        keyCount++;
      }
      return true;
    } catch (RuntimeException | StackOverflowError broken) {
      addWhole(cache);
      return false;
    }
  }

  private static Invalidation.OfCache<Object> noKeys(String cache) {
    return new Invalidation.Keys<>(cache, new LinkedHashSet<>());
  }

  /** The whole cache stands for its keys, those before and those to come. */
  void addWhole(String cache) {
    Invalidation.OfCache<Object> before = caches.put(cache, new Invalidation.Whole<>(cache));
    if (before instanceof Invalidation.Keys<Object> some) {
      keyCount -= some.keys().size();
    }
  }

  /** Joins the two; the order in which anything is added makes no difference. */
  void addAll(Batch other) {
    for (Invalidation.OfCache<Object> stale : other.caches.values()) {
      if (stale instanceof Invalidation.Keys<Object> some) {
        some.keys().forEach(key -> add(stale.cache(), key));
      } else {
        addWhole(stale.cache());
      }
    }
  }

  boolean isWhole(String cache) {
    return caches.get(cache) instanceof Invalidation.Whole<Object>;
  }

  boolean isEmpty() {
    return caches.isEmpty();
  }

  /** Whether it takes its writer no time worth mentioning to write it down. */
  boolean isLittle() {
    return keyCount + caches.size() <= LITTLE;
  }

  int keyCount() {
    return keyCount;
  }

  int wholeCount() {
    return (int) caches.values().stream().filter(Invalidation.Whole.class::isInstance).count();
  }

  List<Invalidation.OfCache<Object>> contents() {
    return List.copyOf(caches.values());
  }

  /** Completes when the channel has accepted all of it. */
  CompletableFuture<Void> accepted() {
    return accepted;
  }
}
