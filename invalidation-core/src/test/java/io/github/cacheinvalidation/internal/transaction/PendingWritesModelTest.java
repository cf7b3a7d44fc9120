package io.github.cacheinvalidation.internal.transaction;

import io.github.cacheinvalidation.testing.ModelCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Another thread gathers for a transaction that writes or ends: its writes are done with the writes
 * of the transaction, and none is gathered after them. The first write is reported once.
 */
@Tag("G2")
@Tag("model")
class PendingWritesModelTest {

  /** Every operation returns whether its observation was correct. */
  public static final class Node {

    private final AtomicInteger firstWrites = new AtomicInteger();

    private final PendingWrites writes = new PendingWrites(firstWrites::incrementAndGet);

    private final AtomicBoolean ended = new AtomicBoolean();

    private final AtomicBoolean gathered = new AtomicBoolean();

    private final Target target = new Target();

    @Operation
    public boolean gather() {
      boolean[] inTime = {true};
      writes.gatherUnlessClosed(
          () -> {
            inTime[0] = !ended.get();
            writes.evict(target, "later");
            gathered.set(true);
          });
      return inTime[0];
    }

    @Operation
    public boolean write() {
      writes.put(target, "own", "value", 0);
      return writes.contains(target, "own");
    }

    @Operation
    public boolean end() {
      writes.close();
      ended.set(true);
      writes.applyLocally(true, new ThrowableCollector());
      return target.evicted.contains("later") == gathered.get() && firstWrites.get() <= 1;
    }
  }

  /** The sequential specification: every observation is correct. */
  public static final class Right {

    public boolean gather() {
      return true;
    }

    public boolean write() {
      return true;
    }

    public boolean end() {
      return true;
    }
  }

  private static void check(String... transaction) {
    List<String> other = List.of("gather");
    new ModelCheck(Node.class, Right.class, 300)
        .scenario(List.of(), List.of(List.of(transaction), other, other), List.of())
        .run();
  }

  @Test
  void evictionsGatheredByAnotherThread_areDoneWithTheWritesOfTheTransaction() {
    check("end");
    check("write", "end");
  }

  /** Records the evicted keys. */
  private static final class Target implements WriteTarget {

    private final List<Object> evicted = new ArrayList<>();

    @Override
    public String name() {
      return "prices";
    }

    @Override
    public boolean localOnly() {
      return true;
    }

    @Override
    public void applyEvict(Object key) {
      evicted.add(key);
    }

    @Override
    public void applyClear() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void applyPut(Object key, Object storeValue, long stamp) {}
  }
}
