package io.github.cacheinvalidation.outbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What gathers while a message is under way: each key once, and of a cache that is stale as a whole
 * its name alone. Guarded by the lock of the outbox until it is taken.
 */
final class Gathering {

  private static final int LITTLE = 16;

  private final Map<String, Stale> caches = new LinkedHashMap<>();

  private final CompletableFuture<Void> accepted = new CompletableFuture<>();

  private int keyCount;

  /** Returns false if the key cannot be kept since its own methods threw; then its cache is. */
  boolean add(String cache, Object key) {
    Stale stale = caches.computeIfAbsent(cache, name -> new Stale());
    try {
      if (!stale.whole && stale.keys.add(key)) {
        keyCount++;
      }
      return true;
    } catch (RuntimeException | StackOverflowError broken) {
      addWhole(cache);
      return false;
    }
  }

  void addWhole(String cache) {
    Stale stale = caches.computeIfAbsent(cache, name -> new Stale());
    keyCount -= stale.keys.size();
    stale.whole = true;
    stale.keys = Set.of();
  }

  void addAll(Gathering other) {
    for (StaleKeys stale : other.contents()) {
      if (stale.whole()) {
        addWhole(stale.cache());
      }
      stale.keys().forEach(key -> add(stale.cache(), key));
    }
  }

  boolean isWhole(String cache) {
    Stale stale = caches.get(cache);
    return stale != null && stale.whole;
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
    return (int) caches.values().stream().filter(stale -> stale.whole).count();
  }

  List<StaleKeys> contents() {
    List<StaleKeys> contents = new ArrayList<>(caches.size());
    caches.forEach((name, stale) -> contents.add(new StaleKeys(name, stale.whole, stale.keys)));
    return contents;
  }

  /** Completes when the channel has accepted all of it. */
  CompletableFuture<Void> accepted() {
    return accepted;
  }

  private static final class Stale {

    private boolean whole;

    private Set<Object> keys = new LinkedHashSet<>();
  }
}
