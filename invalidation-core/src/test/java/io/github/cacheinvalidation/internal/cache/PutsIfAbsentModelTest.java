package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.fence.RecentInvalidations;
import io.github.cacheinvalidation.internal.store.EntryStore;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import io.github.cacheinvalidation.internal.transaction.UnitOfWork;
import io.github.cacheinvalidation.internal.transaction.WriteTarget;
import io.github.cacheinvalidation.testing.ModelCheck;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Lets a model checker interleave callers that put a value if there is none, inside transactions
 * and outside: one of them is told that its value is stored, as long as no transaction rolls back.
 */
@Tag("G2")
@Tag("model")
@Tag("G2.12")
class PutsIfAbsentModelTest {

  private static final int INTERLEAVINGS = 1_000;

  private static final int INTERLEAVINGS_UNTIL_FOUND = 10_000;

  /**
   * Every operation returns whether its observation was correct; in sequential runs it always is.
   */
  abstract static class Node {

    private final EntryStore store =
        new EntryStore(
            MapCache::new,
            new LogicalClock(),
            new RecentInvalidations(),
            new CoherenceWatermark(0),
            () -> 0,
            () -> Fence.LIMIT_NANOS,
            retired -> {},
            reason -> {});

    private final Target target = new Target(store);

    private final PutsIfAbsent puts =
        new PutsIfAbsent(target, store, Transactions.none(), store::lookup);

    private final AtomicInteger values = new AtomicInteger();

    private final AtomicInteger winners = new AtomicInteger();

    private final boolean releasedFirst;

    Node(boolean releasedFirst) {
      this.releasedFirst = releasedFirst;
    }

    @Operation
    public boolean commit() {
      Unit unit = new Unit(store);
      Object present = put(unit);
      boolean right = present != null || winners.incrementAndGet() == 1;
      unit.end(true, releasedFirst);
      return right;
    }

    /** The key is free again before the transaction has ended for its caller. */
    @Operation
    public boolean rollBack() {
      Unit unit = new Unit(store);
      if (put(unit) != null) {
        return true;
      }
      boolean right = winners.incrementAndGet() == 1;
      winners.decrementAndGet();
      unit.end(false, false);
      return right;
    }

    private @Nullable Object put(Unit unit) {
      Object value = values.incrementAndGet();
      Object present = puts.reserve(unit, Fence.KEY, value);
      if (present == null) {
        unit.put(target, Fence.KEY, value, store.stamp());
      }
      return present;
    }

    @Operation
    public boolean outside() {
      Object present = puts.put(Fence.KEY, values.incrementAndGet());
      return present != null || winners.incrementAndGet() == 1;
    }
  }

  /** A transaction that puts one value. */
  private static final class Unit implements UnitOfWork {

    private final EntryStore store;

    private @Nullable Object value;

    private long stamp;

    private Runnable ending = () -> {};

    Unit(EntryStore store) {
      this.store = store;
    }

    void end(boolean committed, boolean releasedFirst) {
      if (releasedFirst) {
        ending.run();
      }
      if (committed && value != null) {
        boolean stored = store.putUnlessNewer(Fence.KEY, Objects.requireNonNull(value), stamp);
        assert stored;
      }
      ending.run();
    }

    @Override
    public void put(WriteTarget target, Object key, Object storeValue, long since) {
      value = storeValue;
      stamp = since;
    }

    @Override
    public void whenCommitted(int savepointRollbacks, Runnable committed, Runnable otherwise) {
      ending = committed;
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
  }

  private record Target(EntryStore store) implements WriteTarget {

    @Override
    public String name() {
      return "prices";
    }

    @Override
    public boolean localOnly() {
      return false;
    }

    @Override
    public void applyEvict(Object key) {
      store.evict(key);
    }

    @Override
    public void applyClear() {
      store.clear();
    }

    @Override
    public void applyPut(Object key, Object storeValue, long stamp) {
      store.putUnlessNewer(key, storeValue, stamp);
    }
  }

  /** The sequential specification: every observation is correct. */
  public static final class Right {

    public boolean commit() {
      return true;
    }

    public boolean rollBack() {
      return true;
    }

    public boolean outside() {
      return true;
    }
  }

  public static final class Sound extends Node {
    public Sound() {
      super(false);
    }
  }

  public static final class ReleasedFirst extends Node {
    public ReleasedFirst() {
      super(true);
    }
  }

  private static void check(Class<?> node, int interleavings, List<List<String>> scenarios) {
    ModelCheck check = new ModelCheck(node, Right.class, interleavings);
    scenarios.forEach(atOnce -> check.scenario(atOnce, "outside"));
    check.run();
  }

  @Test
  void everyTwoAndThreeCallers_haveOneWinner() {
    check(
        Sound.class,
        INTERLEAVINGS,
        List.of(
            List.of("commit", "commit"),
            List.of("commit", "outside"),
            List.of("outside", "outside"),
            List.of("commit", "rollBack"),
            List.of("outside", "rollBack"),
            List.of("commit", "commit", "outside"),
            List.of("commit", "rollBack", "outside")));
  }

  @Test
  void keyThatIsReleasedBeforeItsValueIsStored_isFound() {
    assertThatThrownBy(
            () ->
                check(
                    ReleasedFirst.class,
                    INTERLEAVINGS_UNTIL_FOUND,
                    List.of(List.of("commit", "outside"))))
        .isInstanceOf(LincheckAssertionError.class)
        .hasMessageContaining("Invalid execution results");
  }
}
