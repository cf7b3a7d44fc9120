package io.github.cacheinvalidation.testing;

import static io.github.cacheinvalidation.testing.ThreadPerTask.THREAD_PER_TASK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.Subscription;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.message.Position;
import io.github.cacheinvalidation.testing.RecordingSubscriber.Heard;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract of every channel, over any transport. */
@Tag("G3")
public abstract class ChannelContract {

  private final String channelName = "contract-" + UUID.randomUUID();
  private final List<Channel> opened = new ArrayList<>();

  /** Opens the channel of one more node. */
  protected abstract Channel open(String channelName);

  @AfterEach
  void closeChannels() {
    opened.forEach(Channel::close);
  }

  private Channel node() {
    Channel channel = open(channelName);
    opened.add(channel);
    return channel;
  }

  private static RecordingSubscriber subscribe(Channel channel) {
    RecordingSubscriber subscriber = new RecordingSubscriber();
    channel.feed().subscribe(subscriber);
    return subscriber.awaitSubscribed();
  }

  private static String publish(Channel channel, String body) {
    String nonce = UUID.randomUUID().toString().replace("-", "");
    channel.log().append(new Publication(nonce, body.getBytes(StandardCharsets.UTF_8)));
    return nonce;
  }

  private static void assertChained(List<Heard> deliveries) {
    for (int i = 1; i < deliveries.size(); i++) {
      assertThat(deliveries.get(i).predecessor())
          .isEqualTo(deliveries.get(i - 1).position().toString());
    }
  }

  @Test
  void severalMessages_arriveInOrder() {
    Channel node = node();
    RecordingSubscriber subscriber = subscribe(node);

    publish(node, "{\"n\":1}");
    publish(node, "{\"n\":2}");
    publish(node, "{\"n\":3}");

    assertThat(subscriber.await(3))
        .extracting(Heard::body)
        .containsExactly("{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
    assertThat(subscriber.deliveries()).extracting(Heard::open).containsOnly(false);
  }

  @Test
  void aMessage_bearsItsNonceAndNamesItsPredecessor() {
    Channel node = node();
    RecordingSubscriber subscriber = subscribe(node);

    String first = publish(node, "{\"n\":1}");
    String second = publish(node, "{\"n\":2}");

    List<Heard> deliveries = subscriber.await(2);
    assertThat(deliveries.get(0).predecessor()).isEmpty();
    assertThat(deliveries.get(0).position().nonce()).isEqualTo(first);
    assertThat(deliveries.get(1).position().nonce()).isEqualTo(second);
    assertChained(deliveries);
  }

  @Test
  void aMessage_isHeardByEveryNodeAndByItsPublisher() {
    Channel publisher = node();
    RecordingSubscriber own = subscribe(publisher);
    RecordingSubscriber second = subscribe(node());
    RecordingSubscriber third = subscribe(node());

    publish(publisher, "{\"n\":1}");

    Heard heard = own.await(1).get(0);
    assertThat(heard.body()).isEqualTo("{\"n\":1}");
    for (RecordingSubscriber each : List.of(second, third)) {
      assertThat(each.await(1).get(0).position()).isEqualTo(heard.position());
      assertThat(each.await(1).get(0).body()).isEqualTo(heard.body());
    }
  }

  @Test
  void aMessage_isNotDeliveredOnThePublishersThread() {
    Channel node = node();
    RecordingSubscriber subscriber = subscribe(node);

    publish(node, "{\"n\":1}");

    assertThat(subscriber.await(1).get(0).thread()).isNotEqualTo(Thread.currentThread().getName());
  }

  @Test
  void anotherChannel_isNotHeard() {
    Channel node = node();
    RecordingSubscriber subscriber = subscribe(node);
    Channel other = open(channelName + "-other");
    opened.add(other);

    publish(other, "{\"n\":1}");
    publish(node, "{\"n\":2}");

    assertThat(subscriber.await(1)).extracting(Heard::body).containsExactly("{\"n\":2}");
    assertThat(subscriber.deliveries().get(0).predecessor()).isEmpty();
  }

  @Test
  void checkWithoutALog_createsItOnce() {
    Channel node = node();

    Tip first = node.log().tip();
    Tip second = node().log().tip();

    assertThat(first.created()).isTrue();
    assertThat(first.position().nonce()).isNotEmpty();
    assertThat(second.created()).isFalse();
    assertThat(second.position()).isEqualTo(first.position());
    assertThat(second.serverId()).isEqualTo(first.serverId()).isNotEmpty();
  }

  @Test
  void aLogCreatedByACheck_isNotDeliveredButIsAPredecessor() {
    Channel node = node();
    RecordingSubscriber subscriber = subscribe(node);
    Tip tip = node.log().tip();

    publish(node, "{\"n\":1}");

    assertThat(subscriber.await(1)).hasSize(1);
    assertThat(subscriber.deliveries().get(0).predecessor()).isEqualTo(tip.position().toString());
    LogEntry first = node.log().read(tip.position(), 10).entries().get(0);
    assertThat(first.position()).isEqualTo(tip.position());
    assertThat(first.body()).asString().isEqualTo("{}");
  }

  @Test
  void check_returnsThePositionOfTheNewestMessage() {
    Channel node = node();
    RecordingSubscriber subscriber = subscribe(node);
    publish(node, "{\"n\":1}");
    publish(node, "{\"n\":2}");

    Tip tip = node.log().tip();

    assertThat(tip.position()).isEqualTo(subscriber.await(2).get(1).position());
    assertThat(tip.created()).isFalse();
  }

  @Test
  void read_returnsTheEntryAtThePositionAndAllLaterEntries() {
    Channel node = node();
    RecordingSubscriber subscriber = subscribe(node);
    for (int i = 0; i < 5; i++) {
      publish(node, "{\"n\":" + i + "}");
    }
    List<Position> positions = subscriber.await(5).stream().map(Heard::position).toList();

    LogPage page = node.log().read(positions.get(2), 100);

    assertThat(page.complete()).isTrue();
    assertThat(page.entries())
        .extracting(LogEntry::position)
        .containsExactlyElementsOf(positions.subList(2, 5));
    assertThat(page.entries())
        .extracting(entry -> new String(entry.body(), StandardCharsets.UTF_8))
        .containsExactly("{\"n\":2}", "{\"n\":3}", "{\"n\":4}");
  }

  @Test
  void readOfMoreThanTheLimit_isNotComplete() {
    Channel node = node();
    RecordingSubscriber subscriber = subscribe(node);
    for (int i = 0; i < 5; i++) {
      publish(node, "{\"n\":" + i + "}");
    }
    List<Position> positions = subscriber.await(5).stream().map(Heard::position).toList();

    LogPage page = node.log().read(positions.get(0), 3);

    assertThat(page.complete()).isFalse();
    assertThat(page.entries())
        .extracting(LogEntry::position)
        .containsExactlyElementsOf(positions.subList(0, 3));
  }

  @Test
  void readFromAPositionWithAnotherNonce_returnsTheEntryWithItsOwnNonce() {
    Channel node = node();
    String nonce = publish(node, "{\"n\":1}");
    Position tip = node.log().tip().position();

    LogPage page = node.log().read(new Position(tip.entryId(), "forked"), 10);

    assertThat(page.entries()).hasSize(1);
    assertThat(page.entries().get(0).position().nonce()).isEqualTo(nonce);
  }

  @Test
  void readWithoutALog_isEmptyAndComplete() {
    LogPage page = node().log().read(new Position("1-0", "x"), 10);

    assertThat(page.entries()).isEmpty();
    assertThat(page.complete()).isTrue();
  }

  @Test
  void readFromAnInvalidId_fails() {
    Channel node = node();
    node.log().tip();

    assertThatThrownBy(() -> node.log().read(new Position("no id", "x"), 10))
        .isInstanceOf(ChannelException.class);
  }

  @Test
  void concurrentPublishers_formOneChain() {
    Channel listener = node();
    RecordingSubscriber subscriber = subscribe(listener);
    Channel one = node();
    Channel two = node();
    int each = 200;

    CompletableFuture.allOf(
            CompletableFuture.runAsync(() -> publishMany(one, "one", each), THREAD_PER_TASK),
            CompletableFuture.runAsync(() -> publishMany(two, "two", each), THREAD_PER_TASK))
        .join();

    List<Heard> deliveries = subscriber.await(2 * each);
    assertThat(deliveries).hasSize(2 * each);
    assertChained(deliveries);
    Set<Position> distinct = new HashSet<>();
    deliveries.forEach(delivery -> distinct.add(delivery.position()));
    assertThat(distinct).hasSize(2 * each);
    assertThat(subscriber.overlaps()).isZero();
  }

  private static void publishMany(Channel channel, String who, int count) {
    IntStream.range(0, count).forEach(i -> publish(channel, "{\"" + who + "\":" + i + "}"));
  }

  @Test
  void aThousandMessages_arriveInOrder() {
    RecordingSubscriber subscriber = subscribe(node());
    publishMany(node(), "n", 1_000);

    assertThat(subscriber.await(1_000))
        .extracting(Heard::body)
        .containsExactlyElementsOf(
            IntStream.range(0, 1_000).mapToObj(i -> "{\"n\":" + i + "}").toList());
    assertChained(subscriber.deliveries());
  }

  @Test
  void aLaterSubscriber_hearsNothingOld() {
    Channel publisher = node();
    publish(publisher, "{\"n\":1}");
    RecordingSubscriber late = subscribe(node());

    publish(publisher, "{\"n\":2}");

    assertThat(late.await(1)).extracting(Heard::body).containsExactly("{\"n\":2}");
  }

  @Test
  void aClosedSubscription_hearsNothingMore() {
    Channel node = node();
    RecordingSubscriber closed = new RecordingSubscriber();
    Subscription subscription = node.feed().subscribe(closed);
    closed.awaitSubscribed();
    RecordingSubscriber witness = subscribe(node());

    subscription.close();
    subscription.close();
    publish(node, "{\"n\":1}");

    witness.await(1);
    assertThat(closed.deliveries()).isEmpty();
    assertThat(closed.losses()).isEmpty();
  }

  @Test
  void aSubscriptionAfterAClosedOne_hearsAgain() {
    Channel node = node();
    RecordingSubscriber first = new RecordingSubscriber();
    Subscription subscription = node.feed().subscribe(first);
    first.awaitSubscribed();
    subscription.close();

    RecordingSubscriber second = subscribe(node);
    publish(node, "{\"n\":1}");

    assertThat(second.await(1)).hasSize(1);
    assertThat(first.deliveries()).isEmpty();
    assertThat(second.timesSubscribed()).isEqualTo(1);
  }

  @Test
  void aClosedChannel_deliversNothingAndRefusesCalls() {
    Channel node = node();
    RecordingSubscriber subscriber = subscribe(node);
    Channel other = node();
    RecordingSubscriber witness = subscribe(other);

    node.close();
    node.close();
    publish(other, "{\"n\":1}");

    witness.await(1);
    assertThat(subscriber.deliveries()).isEmpty();
    assertThat(subscriber.losses()).isEmpty();
    assertThatThrownBy(() -> publish(node, "{}")).isInstanceOf(ChannelException.class);
    assertThatThrownBy(node.log()::tip).isInstanceOf(ChannelException.class);
    assertThatThrownBy(() -> node.log().read(new Position("1-0", "x"), 2))
        .isInstanceOf(ChannelException.class);
    assertThatThrownBy(() -> node.feed().subscribe(new RecordingSubscriber()))
        .isInstanceOf(ChannelException.class);
  }

  @Test
  void aBodyOf64KiB_arrivesWhole() {
    Channel node = node();
    RecordingSubscriber subscriber = subscribe(node);
    String body = "{\"k\":\"" + "x".repeat(64 * 1024) + "\"}";

    publish(node, body);

    assertThat(subscriber.await(1).get(0).body()).isEqualTo(body);
    assertThat(node.log().read(node.log().tip().position(), 2).entries().get(0).body())
        .asString()
        .isEqualTo(body);
  }

  @Test
  void aBodyThatIsNotAscii_keepsItsBytes() {
    Channel node = node();
    RecordingSubscriber subscriber = subscribe(node);
    String body = "{\"k\":\"žluťoučký \u0000 \uD83D\uDC0E 馬 %d \\\\\"}";

    publish(node, body);

    assertThat(subscriber.await(1).get(0).body()).isEqualTo(body);
    assertThat(node.log().read(node.log().tip().position(), 2).entries().get(0).body())
        .isEqualTo(body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void anEmptyObject_arrivesWithItsPosition() {
    Channel node = node();
    RecordingSubscriber subscriber = subscribe(node);

    String nonce = publish(node, "{}");

    Heard heard = subscriber.await(1).get(0);
    assertThat(heard.body()).isEqualTo("{}");
    assertThat(heard.position().nonce()).isEqualTo(nonce);
    assertThat(heard.predecessor()).isEmpty();
  }
}
