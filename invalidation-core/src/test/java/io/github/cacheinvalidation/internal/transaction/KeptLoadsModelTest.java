package io.github.cacheinvalidation.internal.transaction;

import io.github.cacheinvalidation.testing.ModelCheck;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

/**
 * A future completes on another thread while its transaction is rolled back to a savepoint or ends:
 * the transaction never finds a load that was undone, and no transaction counts as keeping a load
 * after its end.
 */
@Tag("G2")
@Tag("model")
class KeptLoadsModelTest {

  /** Every operation returns whether its observation was correct. */
  public static final class Node {

    private static final WriteTarget CACHE = Mockito.mock(WriteTarget.class);

    private final AtomicInteger keeping = new AtomicInteger();

    private final KeptLoads kept = new KeptLoads(keeping);

    /** Of a load that began before the rollback. */
    @Operation
    public boolean complete() {
      kept.keep(0, CACHE, "key", new KeptLoad("undone", 0));
      return true;
    }

    @Operation
    public boolean rollBackAndLook() {
      kept.rolledBackToSavepoint();
      return kept.get(CACHE, "key") == null;
    }

    @Operation
    public boolean end() {
      kept.end();
      return kept.get(CACHE, "key") == null && keeping.get() == 0;
    }

    @Operation
    public boolean look() {
      return kept.get(CACHE, "key") == null;
    }
  }

  /** The sequential specification: every observation is correct. */
  public static final class Right {

    public boolean complete() {
      return true;
    }

    public boolean rollBackAndLook() {
      return true;
    }

    public boolean end() {
      return true;
    }

    public boolean look() {
      return true;
    }
  }

  private static void check(String... transaction) {
    List<String> other = List.of("complete");
    new ModelCheck(Node.class, Right.class, 2_000)
        .scenario(List.of(), List.of(List.of(transaction), other, other), List.of("look"))
        .run();
  }

  @Test
  void completion_whileTheTransactionIsRolledBackToASavepoint_isNotFoundAfterIt() {
    check("rollBackAndLook");
  }

  @Test
  void completion_whileTheTransactionEnds_isKeptForNobody() {
    check("end");
    check("rollBackAndLook", "end");
  }
}
