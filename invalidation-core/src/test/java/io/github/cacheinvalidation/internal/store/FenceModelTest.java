package io.github.cacheinvalidation.internal.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.internal.cache.Fence;
import io.github.cacheinvalidation.internal.cache.Fence.Flaw;
import io.github.cacheinvalidation.testing.ModelCheck;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Lets a model checker try the interleavings of the fence: no lookup that begins after an
 * invalidation was applied, or after the bound has passed, finds the entry from before, and no load
 * is refused unless something happened to its key meanwhile. The database is a number that only
 * grows, so an older value is a smaller one; a value that is put by hand is negative and has its
 * own version. Each way to build the fence wrong is found.
 */
@Tag("G1")
@Tag("model")
@Tag("G1.14")
class FenceModelTest {

  private static final int INTERLEAVINGS = 300;

  private static final int INTERLEAVINGS_UNTIL_FOUND = 200_000;

  /** The sequential specification: every observation is correct. */
  public static final class Right {

    public boolean read() {
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

    public boolean cachePut() {
      return true;
    }

    public boolean put() {
      return true;
    }

    public boolean exceedBound() {
      return true;
    }

    public boolean suspect() {
      return true;
    }
  }

  public static final class Store extends FencedNode {
    public Store() {
      super(new Fence.Real(Fence.LIMIT_NANOS), false);
    }
  }

  public static final class Sound extends FencedNode {
    public Sound() {
      super(new Fence.Sketch(Flaw.NONE), false);
    }
  }

  public static final class TestedOutside extends FencedNode {
    public TestedOutside() {
      super(new Fence.Sketch(Flaw.TESTED_OUTSIDE_COMPUTE), false);
    }
  }

  public static final class NotRecorded extends FencedNode {
    public NotRecorded() {
      super(new Fence.Sketch(Flaw.NOT_RECORDED), false);
    }
  }

  public static final class RecordedLate extends FencedNode {
    public RecordedLate() {
      super(new Fence.Sketch(Flaw.RECORDED_AFTER_REMOVAL), false);
    }
  }

  public static final class RemovedOnlyIfSeen extends FencedNode {
    public RemovedOnlyIfSeen() {
      super(new Fence.Sketch(Flaw.REMOVED_ONLY_IF_SEEN), false);
    }
  }

  public static final class ClearedInPlace extends FencedNode {
    public ClearedInPlace() {
      super(new Fence.Sketch(Flaw.CLEARED_IN_PLACE), false);
    }
  }

  public static final class ClearedBlindly extends FencedNode {
    public ClearedBlindly() {
      super(new Fence.Sketch(Flaw.CLEARED_WITHOUT_COMPARING), false);
    }
  }

  public static final class PutUntested extends FencedNode {
    public PutUntested() {
      super(new Fence.Sketch(Flaw.PUT_WITHOUT_TEST), false);
    }
  }

  public static final class PutTestedOutside extends FencedNode {
    public PutTestedOutside() {
      super(new Fence.Sketch(Flaw.PUT_TESTED_OUTSIDE_COMPUTE), false);
    }
  }

  public static final class PutRecordedLate extends FencedNode {
    public PutRecordedLate() {
      super(new Fence.Sketch(Flaw.PUT_RECORDED_LATE), false);
    }
  }

  public static final class HandPutRecordedLate extends FencedNode {
    public HandPutRecordedLate() {
      super(new Fence.Sketch(Flaw.HAND_PUT_RECORDED_LATE), false);
    }
  }

  public static final class RefusedByAnEqualStamp extends FencedNode {
    public RefusedByAnEqualStamp() {
      super(new Fence.Sketch(Flaw.REFUSED_BY_AN_EQUAL_STAMP), false);
    }
  }

  public static final class DistrustedOnce extends FencedNode {
    public DistrustedOnce() {
      super(new Fence.Sketch(Flaw.DISTRUSTED_AT_MOST_ONCE), false);
    }
  }

  public static final class Unbound extends FencedNode {
    public Unbound() {
      super(new Fence.Real(CacheState.UNLIMITED), false);
    }
  }

  public static final class StampedLate extends FencedNode {
    public StampedLate() {
      super(new Fence.Real(Fence.LIMIT_NANOS), true);
    }
  }

  /** Each operation on a thread of its own, and a lookup when all have ended. */
  private static void check(Class<?> node, int interleavings, List<List<String>> scenarios) {
    ModelCheck check = new ModelCheck(node, Right.class, interleavings);
    scenarios.forEach(atOnce -> check.scenario(atOnce, "read"));
    check.run();
  }

  /** Every two operations at once. */
  private static List<List<String>> everyTwo() {
    List<String> operations =
        List.of("read", "evict", "clear", "put", "cachePut", "exceedBound", "suspect");
    List<List<String>> scenarios = new ArrayList<>();
    for (String one : operations) {
      for (String other : operations.subList(operations.indexOf(one), operations.size())) {
        scenarios.add(List.of(one, other));
      }
    }
    return scenarios;
  }

  /** Every two operations at once, and a load with every two. */
  private static List<List<String>> everyScenario() {
    List<List<String>> scenarios = new ArrayList<>(everyTwo());
    everyTwo().forEach(two -> scenarios.add(List.of("read", two.get(0), two.get(1))));
    return scenarios;
  }

  private static void assertFound(Class<?> flawed, String... atOnce) {
    assertThatThrownBy(() -> check(flawed, INTERLEAVINGS_UNTIL_FOUND, List.of(List.of(atOnce))))
        .isInstanceOf(LincheckAssertionError.class)
        .hasMessageContaining("Invalid execution results");
  }

  @Test
  void store_isSound() {
    check(Store.class, INTERLEAVINGS, everyScenario());
  }

  @Test
  void messages_areSound() {
    List<List<String>> scenarios = new ArrayList<>();
    for (String other : List.of("read", "message", "put", "cachePut")) {
      scenarios.add(List.of("message", other));
      scenarios.add(List.of("read", "message", other));
    }
    check(Store.class, INTERLEAVINGS, scenarios);
  }

  @Test
  void sketchWithoutFlaw_isSound() {
    check(Sound.class, INTERLEAVINGS, everyTwo());
  }

  @Test
  void fillThatIsTestedOutsideCompute_isFound() {
    assertFound(TestedOutside.class, "read", "evict");
  }

  @Test
  void evictionThatIsNotRecorded_isFound() {
    assertFound(NotRecorded.class, "read", "evict");
  }

  @Test
  void evictionRecordedAfterTheRemoval_isFound() {
    assertFound(RecordedLate.class, "read", "evict");
  }

  /** As Caffeine's {@code computeIfPresent} does; its {@code remove} must not. */
  @Test
  void removalThatDoesNotWaitWhereItSeesNothing_isFound() {
    assertFound(RemovedOnlyIfSeen.class, "read", "evict");
  }

  @Test
  void clearWithoutAFreshInstance_isFound() {
    assertFound(ClearedInPlace.class, "read", "clear");
  }

  @Test
  void clearThatReplacesANewerState_isFound() {
    assertFound(ClearedBlindly.class, "read", "clear", "clear");
  }

  @Test
  void putWithoutTheTest_isFound() {
    assertFound(PutUntested.class, "cachePut", "cachePut");
  }

  @Test
  void putThatIsTestedOutsideCompute_isFound() {
    assertFound(PutTestedOutside.class, "cachePut", "cachePut");
  }

  @Test
  void putThatIsRecordedAfterCompute_isFound() {
    assertFound(PutRecordedLate.class, "read", "cachePut");
  }

  @Test
  void stampTakenAfterTheLoad_isFound() {
    assertFound(StampedLate.class, "read", "evict");
  }

  @Test
  void putByHandThatIsRecordedLate_isFound() {
    assertFound(HandPutRecordedLate.class, "read", "put");
  }

  @Test
  void storeWithoutABound_isFound() {
    assertFound(Unbound.class, "read", "exceedBound");
  }

  @Tag("G4.5")
  @Test
  void suspicionThatAClearOvertakes_isFound() {
    assertFound(DistrustedOnce.class, "read", "clear", "suspect");
  }

  @Test
  void refusalWithoutAReason_isFound() {
    assertFound(RefusedByAnEqualStamp.class, "read", "evict");
  }
}
