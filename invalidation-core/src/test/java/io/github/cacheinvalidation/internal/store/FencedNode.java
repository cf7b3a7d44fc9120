package io.github.cacheinvalidation.internal.store;

import io.github.cacheinvalidation.internal.cache.Fence;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * A node with one key, for a model checker. Every operation returns whether its observation was
 * correct; in sequential runs it always is.
 */
abstract class FencedNode {

  private final Fence fence;

  private final boolean stampAfterLoading;

  private final AtomicInteger database = new AtomicInteger();

  private final AtomicInteger applied = new AtomicInteger();

  private final AtomicInteger begun = new AtomicInteger();

  private final AtomicInteger ended = new AtomicInteger();

  FencedNode(Fence fence, boolean stampAfterLoading) {
    this.fence = fence;
    this.stampAfterLoading = stampAfterLoading;
  }

  @Operation
  public boolean read() {
    int atLeast = applied.get();
    int endedBefore = ended.get();
    Object present = fence.lookup();
    if (present != null) {
      return (int) present < 0 || (int) present >= atLeast;
    }
    boolean stored;
    if (stampAfterLoading) {
      int loaded = database.get();
      stored = fence.fill(loaded, fence.stamp());
    } else {
      long stamp = fence.stamp();
      stored = fence.fill(database.get(), stamp);
    }
    return stored || begun.get() > endedBefore;
  }

  @Operation
  public boolean evict() {
    return change(written -> fence.evict());
  }

  @Operation
  public boolean message() {
    return change(written -> fence.message());
  }

  @Operation
  public boolean clear() {
    return change(written -> fence.clear());
  }

  @Operation
  public boolean put() {
    return change(written -> fence.put(-written));
  }

  /** The message of the change was lost; the bound makes up for it. */
  @Operation
  public boolean exceedBound() {
    return change(written -> fence.exceedBound());
  }

  /** The message of the change was lost; a suspicion makes up for it. */
  @Operation
  public boolean suspect() {
    return change(written -> fence.suspect());
  }

  @Operation
  public boolean cachePut() {
    begun.incrementAndGet();
    long stamp = fence.stamp();
    int written = database.incrementAndGet();
    fence.putUnlessNewer(written, stamp);
    applied.accumulateAndGet(written, Math::max);
    ended.incrementAndGet();
    return true;
  }

  private boolean change(IntConsumer apply) {
    begun.incrementAndGet();
    int written = database.incrementAndGet();
    apply.accept(written);
    applied.accumulateAndGet(written, Math::max);
    ended.incrementAndGet();
    return true;
  }
}
