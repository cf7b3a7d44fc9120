package io.github.cacheinvalidation.cache;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.cache.Fence.Flaw;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * Lets a model checker try the interleavings of the fence: no lookup that begins after an
 * invalidation was applied finds what was there before it. The database is a number that only
 * grows, so an older value is a smaller one. Each way to build the fence wrong is found.
 */
class FenceModelTest {

  /** Every operation says whether what it saw was right; run one after the other, it always is. */
  abstract static class Node {

    private final Fence fence;

    private final boolean stampAfterLoading;

    private final AtomicInteger database = new AtomicInteger();

    private final AtomicInteger applied = new AtomicInteger();

    Node(Fence fence, boolean stampAfterLoading) {
      this.fence = fence;
      this.stampAfterLoading = stampAfterLoading;
    }

    @Operation
    public boolean read() {
      int atLeast = applied.get();
      Object present = fence.lookup();
      if (present != null) {
        return (int) present >= atLeast;
      }
      if (stampAfterLoading) {
        int loaded = database.get();
        fence.fill(loaded, fence.stamp());
      } else {
        long stamp = fence.stamp();
        fence.fill(database.get(), stamp);
      }
      return true;
    }

    boolean evictOnly() {
      int written = database.incrementAndGet();
      fence.evict();
      applied.accumulateAndGet(written, Math::max);
      return true;
    }

    boolean clearOnly() {
      int written = database.incrementAndGet();
      fence.clear();
      applied.accumulateAndGet(written, Math::max);
      return true;
    }

    boolean putOnly() {
      long stamp = fence.stamp();
      int written = database.incrementAndGet();
      fence.putUnlessNewer(written, stamp);
      applied.accumulateAndGet(written, Math::max);
      return true;
    }
  }

  /** A node that evicts. */
  abstract static class Evicting extends Node {

    Evicting(Fence fence, boolean stampAfterLoading) {
      super(fence, stampAfterLoading);
    }

    @Operation
    public boolean evict() {
      return evictOnly();
    }
  }

  /** A node that clears. */
  abstract static class Clearing extends Node {

    Clearing(Fence fence) {
      super(fence, false);
    }

    @Operation
    public boolean clear() {
      return clearOnly();
    }
  }

  /** A node that puts. */
  abstract static class Putting extends Node {

    Putting(Fence fence) {
      super(fence, false);
    }

    @Operation
    public boolean cachePut() {
      return putOnly();
    }
  }

  /** A node that does everything. */
  abstract static class Complete extends Evicting {

    Complete(Fence fence) {
      super(fence, false);
    }

    @Operation
    public boolean clear() {
      return clearOnly();
    }

    @Operation
    public boolean cachePut() {
      return putOnly();
    }
  }

  /** What happens one after the other is right. */
  public static final class Right {

    public boolean read() {
      return true;
    }

    public boolean evict() {
      return true;
    }

    public boolean clear() {
      return true;
    }

    public boolean cachePut() {
      return true;
    }
  }

  public static final class Store extends Complete {
    public Store() {
      super(new Fence.Real());
    }
  }

  public static final class Sound extends Complete {
    public Sound() {
      super(new Fence.Sketch(Flaw.NONE));
    }
  }

  public static final class Untested extends Evicting {
    public Untested() {
      super(new Fence.Sketch(Flaw.NO_TEST_INSIDE_COMPUTE), false);
    }
  }

  public static final class RaisedLate extends Evicting {
    public RaisedLate() {
      super(new Fence.Sketch(Flaw.RAISED_AFTER_REMOVAL), false);
    }
  }

  public static final class ClearedInPlace extends Clearing {
    public ClearedInPlace() {
      super(new Fence.Sketch(Flaw.CLEARED_IN_PLACE));
    }
  }

  public static final class PutUntested extends Putting {
    public PutUntested() {
      super(new Fence.Sketch(Flaw.PUT_WITHOUT_TEST));
    }
  }

  public static final class StampedLate extends Evicting {
    public StampedLate() {
      super(new Fence.Real(), true);
    }
  }

  private static void check(Class<?> node, int scenarios) {
    new ModelCheckingOptions()
        .threads(2)
        .actorsPerThread(2)
        .actorsBefore(1)
        .actorsAfter(1)
        .iterations(scenarios)
        .invocationsPerIteration(150)
        .minimizeFailedScenario(false)
        .sequentialSpecification(Right.class)
        .check(node);
  }

  private static void assertFound(Class<?> flawed) {
    assertThatThrownBy(() -> check(flawed, 60))
        .isInstanceOf(LincheckAssertionError.class)
        .hasMessageContaining("Invalid execution results");
  }

  @Test
  void store_isSound() {
    check(Store.class, 20);
  }

  @Test
  void sketchWithoutFlaw_isSound() {
    check(Sound.class, 10);
  }

  @Test
  void fillWithoutTheTestInsideCompute_isFound() {
    assertFound(Untested.class);
  }

  @Test
  void slotsRaisedAfterTheRemoval_areFound() {
    assertFound(RaisedLate.class);
  }

  @Test
  void clearWithoutAFreshInstance_isFound() {
    assertFound(ClearedInPlace.class);
  }

  @Test
  void putWithoutTheTest_isFound() {
    assertFound(PutUntested.class);
  }

  @Test
  void stampTakenAfterTheLoad_isFound() {
    assertFound(StampedLate.class);
  }
}
