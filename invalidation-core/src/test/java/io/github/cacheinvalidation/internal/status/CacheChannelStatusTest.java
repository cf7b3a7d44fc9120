package io.github.cacheinvalidation.internal.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.StillConnectingException;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.testing.RecordingObserver;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The status of a node with the cache channels "reds" and "blues". */
class CacheChannelStatusTest {

  private final ChannelException silence = new ChannelException("no answer", null);

  private long now = 10;

  private final StatusTracker node =
      new StatusTracker(
          new RecordingObserver(), new CoherenceWatermark(0), () -> now, InstantSource.system());

  private final ChainStatus reds = node.cacheChannel("reds");

  private final ChainStatus blues = node.cacheChannel("blues");

  @BeforeEach
  void start() {
    node.cacheChannels(Set.of("reds", "blues"));
    node.started("shop");
    reds.started("reds@3");
    blues.started("blues@3");
  }

  private boolean confirm(ChainStatus channel) {
    return channel.confirmed(now, true);
  }

  private void join() {
    confirm(node);
    confirm(reds);
    confirm(blues);
  }

  private void assertState(State state, String... reason) {
    NodeStatus status = node.status();
    assertThat(status.state()).isEqualTo(state);
    for (String part : reason) {
      assertThat(status.reason()).contains(part);
    }
  }

  @Test
  void node_joinsWithItsLastChannel() {
    assertThat(confirm(reds)).isFalse();
    assertThat(confirm(node)).isFalse();
    assertState(State.JOINING);
    assertThat(blues.confirmed(now, false)).as("no subscription yet").isFalse();
    assertState(State.JOINING);

    assertThat(confirm(blues)).isTrue();

    assertState(State.COHERENT);
    assertThat(confirm(reds)).isFalse();
  }

  @Test
  void nodeThatStartsAgain_joinsAllChannelsAgain() {
    join();
    node.stopped();
    reds.stopped();
    blues.stopped();
    assertState(State.STOPPED);

    node.started("shop");

    assertState(State.JOINING);
    confirm(node);
    assertState(State.JOINING);
    confirm(reds);
    assertThat(confirm(blues)).isTrue();
  }

  @Test
  void failedCheckOfOneChannel_cutsOffUntilThatChannelIsConfirmed() {
    join();
    now = 20;

    reds.checkFailed(silence);

    assertState(State.CUT_OFF, "Channel 'reds': no answer");
    assertThat(node.status().impairments()).containsExactly(Impairment.CHECKS);
    node.checked();
    blues.checked();
    assertState(State.CUT_OFF);
    reds.checked();
    assertState(State.CATCHING_UP, "Channel 'reds'");
    reds.confirmed(19, true);
    assertState(State.CATCHING_UP);
    reds.confirmed(20, true);
    assertState(State.COHERENT);
  }

  @Test
  void connectionThatIsStillMade_isNoFailure() {
    join();

    reds.checkFailed(new StillConnectingException("soon"));
    reds.publishFailed(new StillConnectingException("soon"));

    assertState(State.COHERENT);
  }

  @Test
  void lostSubscriptionOfOneChannel_cutsOff() {
    join();

    blues.subscriptionLost(silence);

    assertState(State.CUT_OFF, "Channel 'blues': no answer");
    assertThat(node.status().impairments()).containsExactly(Impairment.SUBSCRIPTION);
    node.subscribed();
    reds.subscribed();
    assertState(State.CUT_OFF);
    blues.subscribed();
    assertState(State.COHERENT);
  }

  @Test
  void messageThatIsNotAccepted_cutsOff_andThoseOfOtherChannelsHealNothing() {
    join();

    reds.publishFailed(silence);
    blues.publishFailed(new PublicationRefusedException("NOPERM", null, true));

    assertThat(node.status().impairments())
        .containsExactlyInAnyOrder(Impairment.PUBLICATIONS, Impairment.REFUSALS);
    assertState(State.CUT_OFF, "Channel 'reds': no answer", "Channel 'blues': NOPERM");
    node.published(1, 0);
    blues.published(1, 0);
    assertThat(node.status().impairments()).containsExactly(Impairment.PUBLICATIONS);
    reds.published(1, 0);
    assertState(State.COHERENT);
  }

  @Test
  void suspicionOfOneChannel_makesTheNodeSuspect() {
    join();

    blues.resynced("server", true);

    assertState(State.SUSPECTING, "Channel 'blues'");
    node.trusted(node.suspicions());
    assertState(State.COHERENT);
  }

  /** A stop waits for the keys of a channel whose server answers. */
  @Test
  void serverOfACacheChannel_isTheServerUntilThatOfTheOwnChannelAnswers() {
    reds.resynced("red server", false);
    assertThat(node.status().server()).isEqualTo("red server");

    node.resynced("server", false);

    assertThat(node.status().server()).isEqualTo("server");
    blues.resynced("blue server", false);
    assertThat(node.status().server()).isEqualTo("server");
  }

  @Test
  void messagesThatAreMissedOnOneChannel_areCaughtUpWith() {
    join();
    now = 30;

    reds.behind(now, "Messages were missed");

    assertState(State.CATCHING_UP, "Channel 'reds': Messages were missed");
    confirm(reds);
    assertState(State.COHERENT);
  }
}
