package io.github.cacheinvalidation.internal.cache;

import com.github.benmanes.caffeine.cache.Cache;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.fence.RecentInvalidations;
import io.github.cacheinvalidation.internal.receiver.Watermarks;
import io.github.cacheinvalidation.internal.store.EntryStore;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The subject of the model checker: the store itself, or a sketch of it with one flaw. */
public interface Fence {

  String KEY = "key";

  long LIMIT_NANOS = 10;

  @Nullable Object lookup();

  long stamp();

  /** Returns whether it was stored, or another is being stored. */
  boolean fill(Object value, long stamp);

  void evict();

  /** Applies a message that names the key. */
  void message();

  void clear();

  void put(Object value);

  /** Lets more time pass than the bound allows, with no confirmation. */
  void exceedBound();

  /** Suspects a loss, and lets as much time pass with a confirmation at its end. */
  void suspect();

  void putUnlessNewer(Object value, long stamp);

  /** The store as it is, on a map instead of Caffeine. */
  final class Real implements Fence {

    private final AtomicLong nanos = new AtomicLong();

    private final CoherenceWatermark watermark = new CoherenceWatermark(0);

    private final EntryStore store;

    public Real(long limitNanos) {
      store =
          new EntryStore(
              MapCache::new,
              new LogicalClock(),
              new RecentInvalidations(),
              watermark,
              nanos::get,
              () -> limitNanos,
              retired -> retired.entries().invalidateAll(),
              reason -> {});
    }

    @Override
    public @Nullable Object lookup() {
      return store.lookup(KEY);
    }

    @Override
    public long stamp() {
      return store.stamp();
    }

    @Override
    public boolean fill(Object value, long stamp) {
      return store.fill(KEY, value, stamp) == null;
    }

    @Override
    public void evict() {
      store.evict(KEY);
    }

    @Override
    public void message() {
      store.evictAll(List.of(KEY), store.hear());
    }

    @Override
    public void clear() {
      store.clear();
    }

    @Override
    public void put(Object value) {
      store.put(KEY, value);
    }

    @Override
    public void exceedBound() {
      nanos.addAndGet(2 * LIMIT_NANOS);
    }

    @Override
    public void suspect() {
      long later = nanos.get() + 2 * LIMIT_NANOS;
      store.markSuspect(watermark.nanos());
      nanos.addAndGet(2 * LIMIT_NANOS);
      Watermarks.confirm(watermark, later);
    }

    @Override
    public void putUnlessNewer(Object value, long stamp) {
      store.putUnlessNewer(KEY, value, stamp);
    }
  }

  /** The flaws of a fence. */
  enum Flaw {
    NONE,
    TESTED_OUTSIDE_COMPUTE,
    NOT_RECORDED,
    RECORDED_AFTER_REMOVAL,
    REMOVED_ONLY_IF_SEEN,
    CLEARED_IN_PLACE,
    CLEARED_WITHOUT_COMPARING,
    PUT_WITHOUT_TEST,
    PUT_TESTED_OUTSIDE_COMPUTE,
    PUT_RECORDED_LATE,
    HAND_PUT_RECORDED_LATE,
    REFUSED_BY_AN_EQUAL_STAMP,
    DISTRUSTED_AT_MOST_ONCE
  }

  /** The same protocol in few lines, with a flaw or without. */
  final class Sketch implements Fence {

    private record State(
        Cache<Object, Object> entries, long clearedStamp, long clearedNanos, boolean suspect) {

      State markSuspect() {
        return new State(entries, clearedStamp, clearedNanos, true);
      }
    }

    private final AtomicLong nanos = new AtomicLong();

    private final LogicalClock clock = new LogicalClock();

    private final RecentInvalidations recent = new RecentInvalidations();

    private final Flaw flaw;

    private final AtomicReference<State> state =
        new AtomicReference<>(new State(new MapCache(), 0, 0, false));

    public Sketch(Flaw flaw) {
      this.flaw = flaw;
    }

    private State present() {
      return Objects.requireNonNull(state.get());
    }

    private State fresh(Cache<Object, Object> entries) {
      return new State(entries, clock.advance(), nanos.get(), false);
    }

    private boolean isBeyondBound(State present) {
      return present.suspect || nanos.get() - present.clearedNanos > LIMIT_NANOS;
    }

    @Override
    public @Nullable Object lookup() {
      State present = present();
      Object value = present.entries.getIfPresent(KEY);
      if (isBeyondBound(present)) {
        state.compareAndSet(present, fresh(new MapCache()));
        return null;
      }
      return value;
    }

    @Override
    public long stamp() {
      return clock.now();
    }

    @Override
    public boolean fill(Object value, long stamp) {
      State present = present();
      long since = flaw == Flaw.REFUSED_BY_AN_EQUAL_STAMP ? stamp - 1 : stamp;
      if (flaw == Flaw.TESTED_OUTSIDE_COMPUTE) {
        if (isNewer(present, since)) {
          return false;
        }
        present.entries.put(KEY, value);
        return true;
      }
      AtomicBoolean stored = new AtomicBoolean();
      present
          .entries
          .asMap()
          .compute(
              KEY,
              (same, old) -> {
                stored.set(!isNewer(present, since));
                return stored.get() ? value : old;
              });
      return stored.get();
    }

    private boolean isNewer(State present, long since) {
      return present.clearedStamp > since || recent.recordedSince(KEY, since);
    }

    @Override
    public void message() {
      evict();
    }

    private void refuseOlder() {
      recent.record(KEY, clock.advance());
    }

    @Override
    public void put(Object value) {
      if (flaw == Flaw.HAND_PUT_RECORDED_LATE) {
        present().entries.put(KEY, value);
        refuseOlder();
      } else {
        refuseOlder();
        present().entries.put(KEY, value);
      }
    }

    @Override
    public void exceedBound() {
      nanos.addAndGet(2 * LIMIT_NANOS);
    }

    @Override
    public void suspect() {
      boolean done = false;
      while (!done) {
        State present = present();
        done = state.compareAndSet(present, present.markSuspect());
        done |= flaw == Flaw.DISTRUSTED_AT_MOST_ONCE;
      }
    }

    @Override
    public void evict() {
      if (flaw == Flaw.RECORDED_AFTER_REMOVAL) {
        present().entries.asMap().remove(KEY);
        refuseOlder();
        return;
      }
      if (flaw != Flaw.NOT_RECORDED) {
        refuseOlder();
      }
      ConcurrentMap<Object, Object> entries = present().entries.asMap();
      if (flaw != Flaw.REMOVED_ONLY_IF_SEEN || entries.containsKey(KEY)) {
        entries.remove(KEY);
      }
    }

    @Override
    public void clear() {
      if (flaw == Flaw.CLEARED_IN_PLACE) {
        Cache<Object, Object> entries = present().entries;
        state.set(fresh(entries));
        entries.invalidateAll();
      } else if (flaw == Flaw.CLEARED_WITHOUT_COMPARING) {
        state.set(fresh(new MapCache()));
      } else {
        State present;
        do {
          present = present();
        } while (!state.compareAndSet(present, fresh(new MapCache())));
      }
    }

    @Override
    public void putUnlessNewer(Object value, long stamp) {
      State present = present();
      boolean newerBefore = isNewer(present, stamp);
      present
          .entries
          .asMap()
          .compute(
              KEY,
              (same, old) -> {
                boolean newer =
                    flaw == Flaw.PUT_TESTED_OUTSIDE_COMPUTE ? newerBefore : isNewer(present, stamp);
                if (flaw != Flaw.PUT_RECORDED_LATE) {
                  refuseOlder();
                }
                return newer && flaw != Flaw.PUT_WITHOUT_TEST ? null : value;
              });
      if (flaw == Flaw.PUT_RECORDED_LATE) {
        refuseOlder();
      }
    }
  }
}
