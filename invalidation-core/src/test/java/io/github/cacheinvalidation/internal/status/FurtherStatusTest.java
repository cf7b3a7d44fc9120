package io.github.cacheinvalidation.internal.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.testing.RecordingObserver;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The status of a node that has joined its own channel, and listens to two others. */
class FurtherStatusTest {

  private long now = 10;

  private final StatusTracker node =
      new StatusTracker(
          new RecordingObserver(), new CoherenceWatermark(0), () -> now, InstantSource.system());

  private final ChainStatus orders = node.further("orders");

  private final ChainStatus stock = node.further("stock");

  @BeforeEach
  void start() {
    node.started("shop");
    orders.started("orders");
    stock.started("stock");
    node.confirmed(10, true);
  }

  private void assertState(State state, String... reason) {
    NodeStatus status = node.status();
    assertThat(status.state()).isEqualTo(state);
    for (String part : reason) {
      assertThat(status.reason()).contains(part);
    }
  }

  private void confirmBoth() {
    orders.confirmed(10, true);
    stock.confirmed(10, true);
  }

  @Test
  void theNodeJoinsWithItsOwnChannel_andIsCoherentOnceAllChannelsAre() {
    assertThat(node.status().isJoined()).isTrue();
    assertState(State.CATCHING_UP, "Channel 'orders': No check was answered yet");
    orders.confirmed(10, true);
    assertState(State.CATCHING_UP, "Channel 'stock'");
    stock.confirmed(10, true);
    assertState(State.COHERENT);
  }

  @Test
  void aFailedCheckOfOneChannel_cutsOffUntilACheckOfThatChannelIsConfirmed() {
    confirmBoth();
    now = 20;
    orders.checkFailed(new ChannelException("no answer", null));
    orders.checkFailed(new ChannelException("no answer again", null));
    node.checked();
    stock.checked();

    assertState(State.CUT_OFF, "no answer");
    assertThat(node.status().impairments()).containsExactly(Impairment.CHECKS);
    assertThat(node.status().reason()).doesNotContain("again");
    orders.checkFailed(new RefusedException("NOPERM", null));
    assertState(State.CUT_OFF, "NOPERM");

    orders.checked();
    assertState(State.CATCHING_UP, "Channel 'orders': A check failed");
    orders.confirmed(20, false);
    orders.confirmed(19, true);
    assertState(State.CATCHING_UP);
    orders.confirmed(20, true);
    assertState(State.COHERENT);
  }

  @Test
  void aSuspicionOfAFurtherChannel_makesTheNodeSuspect() {
    confirmBoth();

    stock.resynced("server", true);

    assertState(State.SUSPECTING, "Channel 'stock'");
    node.trusted(node.suspicions());
    assertState(State.COHERENT);
  }

  @Test
  void aChannelThatIsStopped_leavesNoTrace() {
    confirmBoth();
    orders.checkFailed(new ChannelException("no answer", null));

    orders.stopped();

    assertState(State.COHERENT);
  }
}
