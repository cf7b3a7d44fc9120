package io.github.cacheinvalidation.internal.loading;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.internal.cache.Fence;
import io.github.cacheinvalidation.internal.cache.MapCache;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.fence.RecentInvalidations;
import io.github.cacheinvalidation.internal.store.CacheState;
import io.github.cacheinvalidation.internal.store.EntryStore;
import io.github.cacheinvalidation.internal.transaction.KeptLoad;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import io.github.cacheinvalidation.internal.transaction.UnitOfWork;
import io.github.cacheinvalidation.internal.transaction.WriteTarget;
import io.github.cacheinvalidation.testing.ModelCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongPredicate;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Lets a model checker interleave the lookups of a transaction, which keeps its loads, with
 * invalidations: no lookup that begins after an invalidation was applied, or after the bound has
 * passed, is answered from an older load. The database is a number that only grows, so an older
 * value is a smaller one.
 */
@Tag("G1")
@Tag("model")
@Tag("G2.10")
class TransactionLoadsModelTest {

  private static final int INTERLEAVINGS = 300;

  private static final int INTERLEAVINGS_UNTIL_FOUND = 10_000;

  /**
   * Every operation returns whether its observation was correct; in sequential runs it always is.
   */
  abstract static class Node {

    private final AtomicLong nanos = new AtomicLong();

    private final EntryStore store;

    private final Unit unit = new Unit();

    private final TransactionLoads own;

    private final AtomicInteger database = new AtomicInteger();

    private final AtomicInteger applied = new AtomicInteger();

    Node(long limitNanos) {
      store =
          new EntryStore(
              MapCache::new,
              new LogicalClock(),
              new RecentInvalidations(),
              new CoherenceWatermark(0),
              nanos::get,
              () -> limitNanos,
              retired -> {},
              reason -> {});
      own = new TransactionLoads(unit, store, unit, stamp -> false);
    }

    @Operation
    public boolean lookUp() {
      int atLeast = applied.get();
      Object kept = lookup(own, unit);
      if (kept == null) {
        load(own, unit);
        return true;
      }
      return (int) kept >= atLeast;
    }

    @Nullable Object lookup(TransactionLoads loads, Unit transaction) {
      return loads.lookup(Fence.KEY);
    }

    void load(TransactionLoads loads, Unit transaction) {
      long begun = stamp();
      keep(loads, transaction, begun, read());
    }

    final long stamp() {
      return store.stamp();
    }

    final int read() {
      return database.get();
    }

    final void keep(TransactionLoads loads, Unit transaction, long begun, int loaded) {
      loads.keep(new Load(begun, 0, transaction, 0, stamp -> false), Fence.KEY, loaded);
    }

    @Operation
    public boolean evict() {
      return change(() -> store.evict(Fence.KEY));
    }

    @Operation
    public boolean message() {
      return change(() -> store.evictAll(List.of(Fence.KEY), store.hear()));
    }

    @Operation
    public boolean clear() {
      return change(store::clear);
    }

    /** The message of the change was lost; the bound makes up for it. */
    @Operation
    public boolean exceedBound() {
      return change(() -> nanos.addAndGet(2 * Fence.LIMIT_NANOS));
    }

    private boolean change(Runnable apply) {
      int written = database.incrementAndGet();
      apply.run();
      applied.accumulateAndGet(written, Math::max);
      return true;
    }
  }

  /** A transaction that has written nothing, and the only one there is. */
  static final class Unit implements Transactions, UnitOfWork, WriteTarget {

    private final AtomicReference<@Nullable KeptLoad> kept = new AtomicReference<>();

    @Override
    public void keep(int savepointRollbacks, WriteTarget target, Object key, KeptLoad load) {
      kept.set(load);
    }

    @Override
    public @Nullable KeptLoad keptLoad(WriteTarget target, Object key) {
      return kept.get();
    }

    @Override
    public UnitOfWork current() {
      return this;
    }

    @Override
    public UnitOfWork reading() {
      return this;
    }

    @Override
    public boolean rolledBackSince(long stamp) {
      return false;
    }

    @Override
    public LongPredicate rollbacks() {
      return stamp -> false;
    }

    @Override
    public boolean currentHasWritten(WriteTarget target, Object key) {
      return false;
    }

    @Override
    public long stampOf(long stamp) {
      return 0;
    }

    @Override
    public long startStamp() {
      return 0;
    }

    @Override
    public boolean isReadOnly() {
      return false;
    }

    @Override
    public int savepointRollbacks() {
      return 0;
    }

    @Override
    public String name() {
      return "prices";
    }

    @Override
    public boolean localOnly() {
      return false;
    }

    @Override
    public void evict(WriteTarget target, Object key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void evictAhead(WriteTarget target, Object key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void clearAhead(WriteTarget target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int suspensions() {
      return 0;
    }

    @Override
    public void clear(WriteTarget target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void put(WriteTarget target, Object key, Object storeValue, long stamp) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void whenCommitted(int savepointRollbacks, Runnable committed, Runnable otherwise) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void applyEvict(Object key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void applyClear() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void applyPut(Object key, Object storeValue, long stamp) {
      throw new UnsupportedOperationException();
    }
  }

  /** The sequential specification: every observation is correct. */
  public static final class Right {

    public boolean lookUp() {
      return true;
    }

    public boolean evict() {
      return true;
    }

    public boolean message() {
      return true;
    }

    public boolean clear() {
      return true;
    }

    public boolean exceedBound() {
      return true;
    }
  }

  public static final class Sound extends Node {
    public Sound() {
      super(Fence.LIMIT_NANOS);
    }
  }

  public static final class Unjudged extends Node {
    public Unjudged() {
      super(Fence.LIMIT_NANOS);
    }

    @Override
    @Nullable Object lookup(TransactionLoads loads, Unit transaction) {
      KeptLoad kept = transaction.kept.get();
      return kept == null ? null : kept.storeValue();
    }
  }

  public static final class StampedLate extends Node {
    public StampedLate() {
      super(Fence.LIMIT_NANOS);
    }

    @Override
    void load(TransactionLoads loads, Unit transaction) {
      int loaded = read();
      keep(loads, transaction, stamp(), loaded);
    }
  }

  public static final class Unbound extends Node {
    public Unbound() {
      super(CacheState.UNLIMITED);
    }
  }

  /** Two lookups of the transaction, the changes each on a thread of its own, and a last lookup. */
  private static void check(Class<?> node, int interleavings, List<List<String>> changes) {
    ModelCheck check = new ModelCheck(node, Right.class, interleavings);
    for (List<String> each : changes) {
      List<List<String>> threads = new ArrayList<>(List.of(List.of("lookUp", "lookUp")));
      each.forEach(change -> threads.add(List.of(change)));
      check.scenario(List.of(), threads, List.of("lookUp"));
    }
    check.run();
  }

  private static void assertFound(Class<?> flawed, String change) {
    assertThatThrownBy(() -> check(flawed, INTERLEAVINGS_UNTIL_FOUND, List.of(List.of(change))))
        .isInstanceOf(LincheckAssertionError.class)
        .hasMessageContaining("Invalid execution results");
  }

  @Test
  void keptLoads_areSound() {
    List<String> changes = List.of("evict", "message", "clear", "exceedBound");
    List<List<String>> scenarios = new ArrayList<>();
    for (String one : changes) {
      scenarios.add(List.of(one));
      changes.forEach(other -> scenarios.add(List.of(one, other)));
    }
    check(Sound.class, INTERLEAVINGS, scenarios);
  }

  @Test
  void keptLoadThatTheFenceDoesNotJudge_isFound() {
    assertFound(Unjudged.class, "evict");
    assertFound(Unjudged.class, "clear");
  }

  @Test
  void keptLoadStampedAfterItWasLoaded_isFound() {
    assertFound(StampedLate.class, "evict");
  }

  @Test
  void keptLoadWithoutABound_isFound() {
    assertFound(Unbound.class, "exceedBound");
  }
}
