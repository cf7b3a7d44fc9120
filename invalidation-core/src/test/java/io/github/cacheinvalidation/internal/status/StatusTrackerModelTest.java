package io.github.cacheinvalidation.internal.status;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.testing.ModelCheck;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Lets a model checker interleave the receiver's thread and the sender's thread: an update of one
 * thread is never lost by an update of the other, and the observer is told of every change, one at
 * a time, in order, and of the last one in the end.
 */
@Tag("G5")
@Tag("G8")
@Tag("model")
class StatusTrackerModelTest {

  private static final int INTERLEAVINGS = 1000;

  /** Records whether its events are in order. Without any lock, as most observers. */
  private static final class Chain implements InvalidationObserver {

    private @Nullable NodeStatus last;

    private boolean isRight = true;

    private volatile boolean busy;

    @Override
    public void statusChanged(NodeStatus before, NodeStatus now) {
      isRight &= !busy && !before.equals(now) && (last == null || last.equals(before));
      busy = true;
      last = now;
      busy = false;
    }
  }

  /** The clocks stand still. */
  public static final class Node {

    private final Chain chain = new Chain();

    private final StatusTracker keeper =
        new StatusTracker(chain, new CoherenceWatermark(0), () -> 0, () -> Instant.EPOCH);

    public Node() {
      keeper.started("c");
      keeper.confirmed(0, true);
    }

    @Operation
    public boolean publish() {
      keeper.published(1, 0);
      return true;
    }

    @Operation
    public boolean failToPublish() {
      keeper.publishFailed(down());
      return true;
    }

    @Operation
    public boolean lose() {
      keeper.subscriptionLost(down());
      return true;
    }

    @Operation
    public boolean subscribe() {
      keeper.subscribed();
      return true;
    }

    /** Whether a reader ever sees a state that contradicts the impairments. */
    @Operation
    public boolean read() {
      NodeStatus status = keeper.status();
      return status.impairments().isEmpty() == (status.state() == NodeStatus.State.COHERENT)
          && status.impairments().isEmpty() == (status.reason() == null);
    }

    /** After all have ended, each thread with a failure of its own. */
    @Operation
    public boolean isCutOffByBoth() {
      return isRight(Set.of(Impairment.SUBSCRIPTION, Impairment.PUBLICATIONS));
    }

    /** After all have ended, each thread with a success. */
    @Operation
    public boolean isCoherent() {
      return isRight(Set.of());
    }

    private boolean isRight(Set<Impairment> impairments) {
      NodeStatus status = keeper.status();
      return chain.isRight && status.equals(chain.last) && status.impairments().equals(impairments);
    }
  }

  /** The sequential specification: every observation is correct. */
  public static final class Right {

    public boolean publish() {
      return true;
    }

    public boolean failToPublish() {
      return true;
    }

    public boolean lose() {
      return true;
    }

    public boolean subscribe() {
      return true;
    }

    public boolean read() {
      return true;
    }

    public boolean isCutOffByBoth() {
      return true;
    }

    public boolean isCoherent() {
      return true;
    }
  }

  private static ChannelException down() {
    return new ChannelException("down", null);
  }

  /** Each list has the operations of one thread, before the question. */
  private static void check(List<List<String>> threads, String question) {
    new ModelCheck(Node.class, Right.class, INTERLEAVINGS)
        .withoutSwitchesIn(StatusFacts.class, NodeStatus.class)
        .scenario(List.of(), threads, List.of(question))
        .run();
  }

  @Test
  void failuresOfBothThreads_areBothKept() {
    check(
        List.of(List.of("failToPublish", "publish", "failToPublish"), List.of("lose", "read")),
        "isCutOffByBoth");
  }

  @Test
  void recoveriesOfBothThreads_areBothKept() {
    check(
        List.of(List.of("failToPublish", "publish"), List.of("lose", "subscribe", "read")),
        "isCoherent");
  }
}
