package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.message.MessageTracer;
import io.github.cacheinvalidation.internal.message.MessageTracer.Tracing;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The keys and whole caches that wait to be published together. Holds each key once. Holds no keys
 * of a cache that is stale as a whole. The lock of the outbox guards the batch until it is taken.
 */
final class Batch {

  private static final int LITTLE = 16;

  /** The keys of each cache are in a set that grows until the batch is taken. */
  private final Map<String, Invalidation.OfCache<Object>> caches = new LinkedHashMap<>();

  private final CompletableFuture<Void> accepted = new CompletableFuture<>();

  private int keyCount;

  /** When the first key or cache was added, in {@link System#nanoTime()}; 0 before. */
  private volatile long sinceNanos;

  /** What the thread of the first write did, for tracing; null if that is not known. */
  private @Nullable Object cause;

  private volatile @Nullable Tracing tracing;

  /** Remembers what the calling thread does, if its write is the first of this batch. */
  void noteCause(@Nullable MessageTracer tracer) {
    if (tracer != null && caches.isEmpty()) {
      cause = tracer.current();
    }
  }

  @Nullable Object cause() {
    return cause;
  }

  /** Keeps the publication that a direct attempt has begun, so that the sender continues it. */
  void keepTracing(Tracing begun) {
    tracing = begun;
  }

  /** Returns a publication that was begun and not ended, once; null if there is none. */
  @Nullable Tracing takeTracing() {
    Tracing begun = tracing;
    tracing = null;
    return begun;
  }

  /** Adds a key. If a method of the key throws, adds its whole cache and returns false. */
  boolean add(String cache, Object key) {
    noteFirst();
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

  /** Adds a whole cache, which stands for its earlier and later keys in this batch. */
  void addWhole(String cache) {
    noteFirst();
    Invalidation.OfCache<Object> before = caches.put(cache, new Invalidation.Whole<>(cache));
    if (before instanceof Invalidation.Keys<Object> some) {
      keyCount -= some.keys().size();
    }
  }

  private void noteFirst() {
    if (caches.isEmpty()) {
      sinceNanos = System.nanoTime() | 1; // never 0
    }
  }

  /** Adds the contents of another batch. */
  void addAll(Batch other) {
    if (!other.isEmpty()) {
      long older = isEmpty() ? other.sinceNanos : Math.min(sinceNanos, other.sinceNanos);
      addContents(other);
      sinceNanos = older;
    }
  }

  private void addContents(Batch other) {
    for (Invalidation.OfCache<Object> stale : other.caches.values()) {
      if (stale instanceof Invalidation.Keys<Object> some) {
        some.keys().forEach(key -> add(stale.cache(), key));
      } else {
        addWhole(stale.cache());
      }
    }
  }

  /** Returns how long the oldest key or cache has waited; 0 if there is none. For any thread. */
  long waitedNanos() {
    long since = sinceNanos;
    return since == 0 ? 0 : System.nanoTime() - since;
  }

  boolean isWhole(String cache) {
    return caches.get(cache) instanceof Invalidation.Whole<Object>;
  }

  boolean isEmpty() {
    return caches.isEmpty();
  }

  /** Whether the batch is small enough for direct publication. */
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

  /** Ends the waits for this batch, and a publication that nothing continues. */
  void stopped() {
    IllegalStateException failure = new IllegalStateException("The outbox was stopped");
    accepted.completeExceptionally(failure);
    Tracing begun = takeTracing();
    if (begun != null) {
      begun.ended(failure);
    }
  }

  /** Completes when the channel has accepted the whole batch. */
  CompletableFuture<Void> accepted() {
    return accepted;
  }
}
