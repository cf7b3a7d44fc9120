package io.github.cacheinvalidation.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.local.LocalHub;
import io.github.cacheinvalidation.internal.message.Position;
import io.github.cacheinvalidation.testing.RecordingSubscriber.Heard;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each fault has the effect that its name says. A channel without faults passes the contract. */
class FaultyChannelTest extends ChannelContract {

  private final LocalHub hub = new LocalHub();
  private final FaultyChannel channel = new FaultyChannel(hub.open("faults"));
  private final Channel witness = hub.open("faults");
  private final RecordingSubscriber heardByWitness = new RecordingSubscriber();
  private int published;

  @Override
  protected Channel open(String channelName) {
    return new FaultyChannel(hub.open(channelName));
  }

  @AfterEach
  void closeChannel() {
    channel.close();
    witness.close();
  }

  private RecordingSubscriber subscribe() {
    witness.feed().subscribe(heardByWitness);
    heardByWitness.awaitSubscribed();
    RecordingSubscriber subscriber = new RecordingSubscriber();
    channel.feed().subscribe(subscriber);
    return subscriber.awaitSubscribed();
  }

  private void publish(int count) {
    for (int i = 0; i < count; i++) {
      published++;
      channel
          .log()
          .append(
              new Publication(
                  "n" + published, ("{\"n\":" + published + "}").getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Test
  void droppedMessages_areNotHeardHere() {
    RecordingSubscriber subscriber = subscribe();
    channel.drop(2);

    publish(3);

    assertThat(subscriber.await(1)).extracting(Heard::body).containsExactly("{\"n\":3}");
    assertThat(heardByWitness.await(3)).hasSize(3);
  }

  @Test
  void aDeafChannel_hearsAgainAfterHealing() {
    RecordingSubscriber subscriber = subscribe();
    channel.deafen();
    publish(3);
    await().until(() -> channel.dropped() == 3);

    channel.heal();
    publish(1);

    assertThat(subscriber.await(1)).extracting(Heard::body).containsExactly("{\"n\":4}");
    assertThat(subscriber.losses()).isEmpty();
  }

  @Test
  void duplicatedMessages_comeTwice() {
    RecordingSubscriber subscriber = subscribe();
    channel.duplicate(1);

    publish(2);

    assertThat(subscriber.await(3))
        .extracting(Heard::body)
        .containsExactly("{\"n\":1}", "{\"n\":1}", "{\"n\":2}");
  }

  @Test
  void heldMessages_comeInOrderWhenReleased() {
    RecordingSubscriber subscriber = subscribe();
    hold(3);
    assertThat(subscriber.deliveries()).isEmpty();

    channel.release();

    assertThat(subscriber.deliveries())
        .extracting(Heard::body)
        .containsExactly("{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
  }

  @Test
  void heldMessages_canComeInReverseOrder() {
    RecordingSubscriber subscriber = subscribe();
    hold(2);

    channel.releaseReversed();

    assertThat(subscriber.deliveries())
        .extracting(Heard::body)
        .containsExactly("{\"n\":2}", "{\"n\":1}");
  }

  private void hold(int count) {
    channel.hold();
    publish(count);
    await().until(() -> channel.held() == count);
  }

  @Test
  void aForkedChannel_showsOtherNoncesEverywhere() {
    RecordingSubscriber subscriber = subscribe();
    publish(1);
    Position before = subscriber.await(1).get(0).position();

    channel.fork("x");
    publish(1);

    Heard delivery = subscriber.await(2).get(1);
    assertThat(delivery.predecessor()).isEqualTo(before + "x");
    assertThat(delivery.body()).isEqualTo("{\"n\":2}");
    assertThat(delivery.position().nonce()).isEqualTo("n2x");
    assertThat(channel.log().tip().position()).isEqualTo(delivery.position());
    assertThat(channel.log().read(before, 2).entries().get(0).position().nonce()).isEqualTo("n1x");
  }

  @Test
  void failingCalls_failAsOftenAsAskedFor() {
    channel.failPublications(1);
    channel.failChecks(1);
    channel.failReads(1);

    assertThatThrownBy(() -> publish(1))
        .isInstanceOf(ChannelException.class)
        .isNotInstanceOf(PublicationRefusedException.class);
    assertThatThrownBy(channel.log()::tip).isInstanceOf(ChannelException.class);
    assertThatThrownBy(() -> channel.log().read(new Position("1-0", ""), 2))
        .isInstanceOf(ChannelException.class);

    assertThat(channel.log().tip().created()).isTrue();
    assertThat(channel.log().read(new Position("1-0", ""), 2).entries()).hasSize(1);
  }

  @Test
  void aLostAnswer_leavesTheMessageInTheLog() {
    channel.loseAnswersToPublications(1);

    assertThatThrownBy(() -> publish(1)).isInstanceOf(ChannelException.class);

    assertThat(channel.log().tip().position().nonce()).isEqualTo("n1");
  }

  @Test
  void aRefusedPublication_isNotInTheLog() {
    channel.refusePublications(1);

    assertThatThrownBy(() -> publish(1)).isInstanceOf(PublicationRefusedException.class);

    assertThat(channel.log().tip().created()).isTrue();
  }

  @Test
  void aChannelCutOff_losesItsSubscriptionAndFailsUntilHealed() {
    RecordingSubscriber subscriber = subscribe();
    channel.cutOff();
    RecordingSubscriber refused = new RecordingSubscriber();
    channel.feed().subscribe(refused);

    assertThat(subscriber.losses()).hasSize(1);
    refused.awaitLost();
    assertThatThrownBy(channel.log()::tip).isInstanceOf(ChannelException.class);
    witness.log().append(new Publication("w", new byte[] {'{', '}'}));
    heardByWitness.await(1);
    assertThat(subscriber.deliveries()).isEmpty();

    channel.heal();
    RecordingSubscriber next = new RecordingSubscriber();
    channel.feed().subscribe(next);
    next.awaitSubscribed();
    publish(1);
    assertThat(next.await(1)).hasSize(1);
  }

  @Test
  void aChannelThatMoved_isAnsweredByAnotherServer() {
    channel.moveTo("other");

    assertThat(channel.log().tip().serverId()).isEqualTo("other");
  }
}
