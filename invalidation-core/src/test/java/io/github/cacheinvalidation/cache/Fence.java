package io.github.cacheinvalidation.cache;

import com.github.benmanes.caffeine.cache.Cache;
import io.github.cacheinvalidation.coherence.Confirmation;
import io.github.cacheinvalidation.fence.LogicalClock;
import io.github.cacheinvalidation.fence.Slots;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What the model checker drives: the store itself, or a sketch of it with one flaw. */
interface Fence {

  String KEY = "key";

  @Nullable Object lookup();

  long stamp();

  void fill(Object value, long stamp);

  void evict();

  void clear();

  void putUnlessNewer(Object value, long stamp);

  /** The store as it is, on a map instead of Caffeine. */
  final class Real implements Fence {

    private final EntryStore store =
        new EntryStore(
            MapCache::new,
            new LogicalClock(),
            Slots.forSize(0),
            new Confirmation(0),
            () -> 0,
            () -> CacheState.UNLIMITED,
            retired -> retired.entries().invalidateAll(),
            () -> {});

    @Override
    public @Nullable Object lookup() {
      return store.lookup(KEY);
    }

    @Override
    public long stamp() {
      return store.stamp();
    }

    @Override
    public void fill(Object value, long stamp) {
      store.fill(KEY, value, stamp);
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
    PUT_WITHOUT_TEST
  }

  /** The same protocol in few lines, with a flaw or without. */
  final class Sketch implements Fence {

    private record State(Cache<Object, Object> entries, long clearedStamp) {}

    private final LogicalClock clock = new LogicalClock();

    private final Slots slots = Slots.forSize(0);

    private final Flaw flaw;

    private final AtomicReference<State> state =
        new AtomicReference<>(new State(new MapCache(), 0));

    Sketch(Flaw flaw) {
      this.flaw = flaw;
    }

    private State present() {
      return Objects.requireNonNull(state.get());
    }

    @Override
    public @Nullable Object lookup() {
      return present().entries.getIfPresent(KEY);
    }

    @Override
    public long stamp() {
      return clock.now();
    }

    @Override
    public void fill(Object value, long stamp) {
      State present = present();
      if (present.clearedStamp > stamp || slots.raisedSince(KEY, stamp)) {
        return;
      }
      if (flaw == Flaw.NO_TEST_INSIDE_COMPUTE) {
        present.entries.put(KEY, value);
        return;
      }
      present
          .entries
          .asMap()
          .compute(KEY, (key, old) -> slots.raisedSince(KEY, stamp) ? old : value);
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
        state.set(new State(entries, clock.advance()));
        entries.invalidateAll();
      } else if (flaw == Flaw.CLEARED_WITHOUT_COMPARING) {
        state.set(new State(new MapCache(), clock.advance()));
      } else {
        State present;
        do {
          present = present();
        } while (!state.compareAndSet(present, new State(new MapCache(), clock.advance())));
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
