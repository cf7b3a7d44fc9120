package io.github.cacheinvalidation.internal.transaction;

import io.github.cacheinvalidation.Invalidation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The writes of one transaction to the caches. A clear replaces the earlier writes of its cache.
 * The thread of the transaction adds writes; other threads may add some until the writes are
 * closed. After that they belong to the thread of the transaction alone.
 */
final class PendingWrites {

  private final Runnable beforeTheFirst;

  private final Map<WriteTarget, TargetWrites> targets = new LinkedHashMap<>();

  private int sequence;

  private boolean closed;

  /**
   * Creates an empty collection.
   *
   * @param beforeTheFirst runs once, before the first write is added
   */
  PendingWrites(Runnable beforeTheFirst) {
    this.beforeTheFirst = beforeTheFirst;
  }

  /** Runs code that adds writes, on any thread, unless the writes are closed. */
  synchronized void gatherUnlessClosed(Runnable batch) {
    if (!closed) {
      batch.run();
    }
  }

  /** From now on no other thread adds writes. */
  synchronized void close() {
    closed = true;
  }

  synchronized void evict(WriteTarget target, Object key) {
    writesOf(target).keys.put(key, KeyWrite.eviction(++sequence));
  }

  /** Adds a key that the write of another key evicts on this node and invalidates elsewhere. */
  synchronized void alsoEvict(WriteTarget target, Object key) {
    writesOf(target).keys.put(key, new KeyWrite(null, 0, ++sequence, true));
  }

  synchronized void put(WriteTarget target, Object key, Object storeValue, long stamp) {
    writesOf(target).keys.put(key, new KeyWrite(storeValue, stamp, ++sequence, false));
  }

  synchronized void clear(WriteTarget target) {
    TargetWrites writes = writesOf(target);
    writes.cleared = true;
    writes.keys.clear();
    sequence++;
  }

  synchronized boolean contains(WriteTarget target, Object key) {
    TargetWrites writes = targets.get(target);
    return writes != null && (writes.cleared || writes.keys.containsKey(key));
  }

  /** Returns the value that will be put for a key; null if none will be. */
  synchronized @Nullable Object putValue(WriteTarget target, Object key) {
    TargetWrites writes = targets.get(target);
    KeyWrite write = writes == null ? null : writes.keys.get(key);
    return write == null ? null : write.storeValue;
  }

  boolean isEmpty() {
    return targets.isEmpty();
  }

  /** Returns a mark for {@link #evictPutsSince}. */
  synchronized int mark() {
    return sequence;
  }

  /** Replaces each put since a mark, which was rolled back, by an eviction of its key. */
  synchronized void evictPutsSince(int mark) {
    for (TargetWrites writes : targets.values()) {
      writes.keys.replaceAll(
          (key, write) ->
              write.sequence > mark && write.storeValue != null
                  ? KeyWrite.eviction(write.sequence)
                  : write);
    }
  }

  /** Applies the writes on this node. A write that throws does not stop the next. */
  void applyLocally(boolean withPuts, ThrowableCollector attempts) {
    targets.forEach(
        (target, writes) -> {
          if (writes.cleared) {
            attempts.run(target::applyClear);
          }
          writes.keys.forEach(
              (key, write) -> attempts.run(() -> write.apply(target, key, withPuts)));
        });
  }

  /** Returns the invalidations to publish to other nodes. */
  List<Invalidation.OfCache<Object>> stale() {
    List<Invalidation.OfCache<Object>> stale = new ArrayList<>();
    targets.forEach(
        (target, writes) -> {
          if (!target.localOnly()) {
            stale.add(writes.stale(target.name()));
          }
        });
    return stale;
  }

  private TargetWrites writesOf(WriteTarget target) {
    if (targets.isEmpty()) {
      beforeTheFirst.run();
    }
    return targets.computeIfAbsent(target, key -> new TargetWrites());
  }

  private static final class TargetWrites {

    private boolean cleared;

    private final Map<Object, KeyWrite> keys = new LinkedHashMap<>();

    /** Returns the whole cache, or the keys that the write of another key does not cover. */
    Invalidation.OfCache<Object> stale(String cache) {
      return cleared ? new Invalidation.Whole<>(cache) : new Invalidation.Keys<>(cache, written());
    }

    private Set<Object> written() {
      Set<Object> written = new LinkedHashSet<>(keys.keySet());
      written.removeIf(
          key -> {
            KeyWrite write = keys.get(key);
            return write != null && write.covered;
          });
      return written;
    }
  }

  /** A write of one key: no action if covered, an eviction without a value, else a put. */
  private record KeyWrite(@Nullable Object storeValue, long stamp, int sequence, boolean covered) {

    static KeyWrite eviction(int sequence) {
      return new KeyWrite(null, 0, sequence, false);
    }

    void apply(WriteTarget target, Object key, boolean withPuts) {
      if (covered) {
        return;
      }
      if (storeValue == null || !withPuts) {
        target.applyEvict(key);
      } else {
        target.applyPut(key, storeValue, stamp);
      }
    }
  }
}
