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
 * The writes of one transaction in the order that matters: a clear covers what was before it. The
 * thread of the transaction gathers here, and others do so until the writes are closed. What is
 * closed belongs to the thread of the transaction alone.
 */
final class PendingWrites {

  private final Runnable beforeTheFirst;

  private final Map<WriteTarget, TargetWrites> targets = new LinkedHashMap<>();

  private int sequence;

  private boolean closed;

  /**
   * Creates an empty collection.
   *
   * @param beforeTheFirst runs once, before the first write
   */
  PendingWrites(Runnable beforeTheFirst) {
    this.beforeTheFirst = beforeTheFirst;
  }

  /** Runs what gathers writes, on any thread, unless the writes are closed. */
  synchronized void gatherUnlessClosed(Runnable batch) {
    if (!closed) {
      batch.run();
    }
  }

  /** From now on no other thread gathers here. */
  synchronized void close() {
    closed = true;
  }

  synchronized void evict(WriteTarget target, Object key) {
    writesOf(target).keys.put(key, KeyWrite.eviction(++sequence));
  }

  /** The write of another key will evict this one here, and invalidates it elsewhere. */
  synchronized void cover(WriteTarget target, Object key) {
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

  /** What will be put for a key; null if nothing will be. */
  synchronized @Nullable Object putValue(WriteTarget target, Object key) {
    TargetWrites writes = targets.get(target);
    KeyWrite write = writes == null ? null : writes.keys.get(key);
    return write == null ? null : write.storeValue;
  }

  boolean isEmpty() {
    return targets.isEmpty();
  }

  /** A mark for {@link #evictPutsSince}. */
  synchronized int mark() {
    return sequence;
  }

  /** What was put since a mark was rolled back: the values are gone, the keys stay invalidated. */
  synchronized void evictPutsSince(int mark) {
    for (TargetWrites writes : targets.values()) {
      writes.keys.replaceAll(
          (key, write) ->
              write.sequence > mark && write.storeValue != null
                  ? KeyWrite.eviction(write.sequence)
                  : write);
    }
  }

  /** Does on this node what was gathered, each write as an attempt of its own. */
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

  /** What became stale elsewhere. */
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

    /** All of the cache, or the keys that are not covered by the write of another. */
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

  /** Nothing to do if it is covered, an eviction if there is no value, else a put. */
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
