package io.github.cacheinvalidation.cache;

import com.github.benmanes.caffeine.cache.Cache;
import io.github.cacheinvalidation.coherence.Confirmation;
import io.github.cacheinvalidation.fence.LogicalClock;
import io.github.cacheinvalidation.fence.Slots;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What the model checker drives: the store itself, or a sketch of it with one flaw. */
interface Fence {

  String KEY = "key";

  long LIMIT_NANOS = 10;

  @Nullable Object lookup();

  long stamp();

  /** Returns whether it was stored. */
  boolean fill(Object value, long stamp);

  void evict();

  void clear();

  void put(Object value);

  /** Lets more time pass than the bound allows, with no confirmation. */
  void exceedBound();

  void putUnlessNewer(Object value, long stamp);

  /** The store as it is, on a map instead of Caffeine. */
  final class Real implements Fence {

    private final AtomicLong nanos = new AtomicLong();

    private final EntryStore store;

    Real(long limitNanos) {
      store =
          new EntryStore(
              MapCache::new,
              new LogicalClock(),
              Slots.forSize(0),
              new Confirmation(0),
              nanos::get,
              () -> limitNanos,
              retired -> retired.entries().invalidateAll(),
              () -> {});
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
    public void putUnlessNewer(Object value, long stamp) {
      store.putUnlessNewer(KEY, value, stamp);
    }
  }

  /** What can be wrong with a fence. */
  enum Flaw {
    NONE,
    NO_TEST_INSIDE_COMPUTE,
    RAISED_AFTER_REMOVAL,
    CLEARED_IN_PLACE,
    CLEARED_WITHOUT_COMPARING,
    PUT_WITHOUT_TEST,
    HAND_PUT_RAISED_LATE,
    REFUSED_BY_AN_EQUAL_STAMP
  }

  /** The same protocol in few lines, with a flaw or without. */
  final class Sketch implements Fence {

    private record State(Cache<Object, Object> entries, long clearedStamp, long clearedNanos) {}

    private final AtomicLong nanos = new AtomicLong();

    private final LogicalClock clock = new LogicalClock();

    private final Slots slots = Slots.forSize(0);

    private final Flaw flaw;

    private final AtomicReference<State> state =
        new AtomicReference<>(new State(new MapCache(), 0, 0));

    Sketch(Flaw flaw) {
      this.flaw = flaw;
    }

    private State present() {
      return Objects.requireNonNull(state.get());
    }

    private State fresh(Cache<Object, Object> entries) {
      return new State(entries, clock.advance(), nanos.get());
    }

    private boolean isBeyondBound(State present) {
      return nanos.get() - present.clearedNanos > LIMIT_NANOS;
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
      if (present.clearedStamp > since || slots.raisedSince(KEY, since)) {
        return false;
      }
      if (flaw == Flaw.NO_TEST_INSIDE_COMPUTE) {
        present.entries.put(KEY, value);
        return true;
      }
      boolean[] stored = {true};
      present
          .entries
          .asMap()
          .compute(
              KEY,
              (key, old) -> {
                stored[0] = !slots.raisedSince(KEY, since);
                return stored[0] ? value : old;
              });
      return stored[0];
    }

    @Override
    public void put(Object value) {
      if (flaw == Flaw.HAND_PUT_RAISED_LATE) {
        present().entries.put(KEY, value);
        slots.raise(KEY, clock.advance());
      } else {
        slots.raise(KEY, clock.advance());
        present().entries.put(KEY, value);
      }
    }

    @Override
    public void exceedBound() {
      nanos.addAndGet(2 * LIMIT_NANOS);
    }

    @Override
    public void evict() {
      if (flaw == Flaw.RAISED_AFTER_REMOVAL) {
        present().entries.asMap().remove(KEY);
        slots.raise(KEY, clock.advance());
      } else {
        slots.raise(KEY, clock.advance());
        present().entries.asMap().remove(KEY);
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
      present
          .entries
          .asMap()
          .compute(
              KEY,
              (key, old) -> {
                boolean newer =
                    flaw != Flaw.PUT_WITHOUT_TEST
                        && (present.clearedStamp > stamp || slots.raisedSince(KEY, stamp));
                slots.raise(KEY, clock.advance());
                return newer ? null : value;
              });
    }
  }
}
