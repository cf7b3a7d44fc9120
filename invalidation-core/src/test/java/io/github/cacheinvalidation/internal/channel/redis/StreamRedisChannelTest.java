package io.github.cacheinvalidation.internal.channel.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.Audience;
import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.testing.ChannelContract;
import io.github.cacheinvalidation.testing.RecordingSubscriber;
import io.github.cacheinvalidation.testing.RecordingSubscriber.Heard;
import io.github.cacheinvalidation.testing.TestRedis;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The channel over Redis whose nodes read the log as it grows, with every client. */
class StreamRedisChannelTest {

  private static TestRedis redis;

  @BeforeAll
  static void startRedis() {
    redis = TestRedis.started();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  @Nested
  class AnyChannelWithLettuce extends ChannelContract {

    @Override
    protected Channel open(String channelName) {
      return RedisChannelFixture.open(redis.lettuce(), channelName, FeedKind.STREAM);
    }
  }

  @Nested
  class AnyChannelWithJedis extends ChannelContract {

    @Override
    protected Channel open(String channelName) {
      return RedisChannelFixture.open(redis.jedis(), channelName, FeedKind.STREAM);
    }
  }

  /** A client that is only known by the interfaces of Spring Data. */
  @Nested
  class AnyChannelWithAnotherClient extends ChannelContract {

    @Override
    protected Channel open(String channelName) {
      return RedisChannelFixture.open(
          new UnknownConnectionFactory(redis.lettuce()), channelName, FeedKind.STREAM);
    }
  }

  @Nested
  class LogWithLettuce extends Log {

    LogWithLettuce() {
      super(TestRedis::lettuce);
    }

    /** The next reading begins there too, so no thread of the node has to wake for an entry. */
    @Test
    void theEventLoop_deliversEachEntry() {
      assertThat(deliveringThreads()).allMatch(thread -> thread.contains("nioEventLoop"));
    }
  }

  @Nested
  class LogWithJedis extends Log {

    LogWithJedis() {
      super(TestRedis::jedis);
    }

    @Test
    void theThreadOfTheSubscription_deliversEachEntry() {
      assertThat(deliveringThreads()).containsOnly("cache-invalidation-read-" + name);
    }
  }

  @Nested
  class RefusalsWithLettuce extends Refusals {

    RefusalsWithLettuce() {
      super(TestRedis::lettuce);
    }
  }

  @Nested
  class RefusalsWithJedis extends Refusals {

    RefusalsWithJedis() {
      super(TestRedis::jedis);
    }
  }

  @Nested
  class ConnectionsWithLettuce extends Connections {

    ConnectionsWithLettuce() {
      super(TestRedis::lettuce);
    }
  }

  @Nested
  class ConnectionsWithJedis extends Connections {

    ConnectionsWithJedis() {
      super(TestRedis::jedis);
    }
  }

  private abstract static class Connections extends RedisConnectionsContract {

    Connections(Client client) {
      super(redis, client, FeedKind.STREAM);
    }

    /** No node subscribes to the channel. */
    @Override
    void aCheck_countsTheConnectionsThatListen_ofAllNodesOfTheChannel() {}

    /** The number would be that of other programs, and of nodes over Pub/Sub. */
    @Test
    void connectionsThatListen_areNotCounted() {
      Channel channel = channel();
      subscribe(channel);
      Channel overPubSub = open(factory(shared, c -> {}), name);
      try (overPubSub) {
        subscribe(overPubSub);

        publish(channel, "{\"n\":1}");

        assertThat(channel.log().listeners()).isEmpty();
        assertThat(channel.log().tip().listeners()).isZero();
      }
    }

    @Test
    void audience_namesTheNodesThatWaitForAnEntry() {
      Channel channel = channel();
      subscribe(channel);

      await().until(() -> audience(channel).names().contains(node));
      assertThat(audience(channel).connections()).isZero();
    }

    private static Audience audience(Channel channel) {
      return Objects.requireNonNull(channel.inspection()).audience();
    }
  }

  private abstract static class Log extends RedisLogContract {

    Log(Client client) {
      super(redis, client, FeedKind.STREAM);
    }

    /** The stream is not the wire of this test; nodes publish as they do over Pub/Sub. */
    @Override
    void onTheWire_thePlaceInTheChainIsInFrontOfTheBody() {}

    /** Returns the names of the threads on which each of a few entries is delivered. */
    List<String> deliveringThreads() {
      List<String> threads = new CopyOnWriteArrayList<>();
      RecordingSubscriber recording = new RecordingSubscriber();
      Channel channel = channel();
      channel
          .feed()
          .subscribe(
              new ForwardingSubscriber(recording) {
                @Override
                public void received(Delivery delivery) {
                  threads.add(Thread.currentThread().getName());
                  super.received(delivery);
                }
              });
      recording.awaitSubscribed();
      for (int i = 1; i <= 3; i++) {
        publish(channel, "{\"n\":" + i + "}");
        recording.await(i);
      }
      return threads;
    }

    @Test
    void anEntryAddedByHand_isDelivered() {
      Channel channel = channel();
      RecordingSubscriber subscriber = subscribe(channel);

      String id = shared.command("XADD", logKey(), "*", "m", "{\"cache\":\"c\"}").toString();

      Heard heard = heard(subscriber, "{\"cache\":\"c\"}");
      assertThat(heard.position().toString()).isEqualTo(id + "/");
      assertThat(heard.open()).isFalse();
    }

    @Test
    void aSubscriptionAfterAKilledOne_deliversWhatWasAppendedInBetween() {
      Channel channel = channel();
      RecordingSubscriber first = subscribe(channel);
      publish(channel, "{\"n\":1}");
      first.await(1);
      killFeed();
      first.awaitLost();
      publish(channel, "{\"n\":2}");

      RecordingSubscriber second = subscribe(channel);

      Heard heard = second.await(1).get(0);
      assertThat(heard.body()).isEqualTo("{\"n\":2}");
      assertThat(heard.predecessor()).isEqualTo(first.deliveries().get(0).position().toString());
    }

    /** The reading waits for the entry, and the trim comes in the same step. */
    @Test
    void anEntryWhosePredecessorWasTrimmed_namesNone() {
      Channel channel = channel();
      RecordingSubscriber subscriber = subscribe(channel);
      publish(channel, "{\"n\":1}");
      subscriber.await(1);

      shared.command("XADD", logKey(), "MAXLEN", "=", "1", "*", "n", "a", "m", "{\"n\":2}");

      Heard heard = heard(subscriber, "{\"n\":2}");
      assertThat(heard.predecessor()).isEmpty();
      publish(channel, "{\"n\":3}");
      assertThat(heard(subscriber, "{\"n\":3}").predecessor())
          .isEqualTo(heard.position().toString());
    }

    @Tag("G3.28")
    @Test
    void aSubscriberThatIsBehind_getsTheRestLaterAndIsNotCutOff() {
      Channel channel = channel();
      SlowSubscriber subscriber = new SlowSubscriber(new RecordingSubscriber());
      channel.feed().subscribe(subscriber);
      subscriber.recording.awaitSubscribed();
      int messages = 300;

      for (int i = 0; i < messages; i++) {
        publish(channel, "{\"n\":" + i + "}");
      }
      assertThat(subscriber.recording.deliveries()).hasSizeLessThan(messages / 2);
      subscriber.behind = false;

      List<Heard> heard = subscriber.recording.await(messages);
      for (int i = 1; i < messages; i++) {
        assertThat(heard.get(i).body()).isEqualTo("{\"n\":" + i + "}");
        assertThat(heard.get(i).predecessor()).isEqualTo(heard.get(i - 1).position().toString());
      }
      assertThat(subscriber.recording.losses()).isEmpty();
    }

    /** As after a restart of the server with a clock that is behind. */
    @Test
    void aNewLogWithLowerIds_isFollowed() {
      Channel channel = channel();
      shared.command("XADD", logKey(), "99999999999999-0", "n", "a", "m", "{\"n\":1}");
      RecordingSubscriber subscriber = subscribe(channel);
      shared.command("DEL", logKey());

      shared.command("XADD", logKey(), "1-1", "n", "b", "m", "{\"n\":2}");
      await()
          .until(
              () -> {
                publish(channel, "{\"n\":3}");
                return !subscriber.deliveries().isEmpty();
              });

      assertThat(subscriber.deliveries()).extracting(Heard::body).containsOnly("{\"n\":3}");
      assertThat(subscriber.losses()).isEmpty();
    }

    @Test
    void aPlainPublish_isNotHeard() {
      Channel channel = channel();
      RecordingSubscriber subscriber = subscribe(channel);

      shared.command("PUBLISH", name, "{\"n\":1}");
      publish(channel, "{\"n\":2}");

      assertThat(subscriber.await(1)).extracting(Heard::body).containsExactly("{\"n\":2}");
    }

    @Test
    void aMessage_isPublishedTooForNodesOverPubSub() {
      Channel overPubSub = open(factory(shared, c -> {}), name);
      try (overPubSub) {
        RecordingSubscriber subscriber = subscribe(overPubSub);

        publish(channel(), "{\"n\":1}");

        assertThat(subscriber.await(1)).extracting(Heard::body).containsExactly("{\"n\":1}");
      }
    }
  }

  private abstract static class Refusals extends RedisRefusalsContract {

    Refusals(Client client) {
      super(redis, client, FeedKind.STREAM);
    }

    @Override
    @Tag("G5.8")
    @Test
    void noRightToAppend_publishesWithoutAPositionAndNamesTheRemedy() {
      assertNothingReachesTheNodes("-xadd", "+xadd");
    }

    @Override
    @Test
    void noRightToRunScripts_isRefused() {
      assertNothingReachesTheNodes("-@scripting", "NOPERM");
    }

    private void assertNothingReachesTheNodes(String right, String said) {
      RecordingSubscriber subscriber = subscribe(channel());
      Channel refused = channel(user("~*", "&*", "+@all", right));

      PublicationRefusedException refusal =
          catchThrowableOfType(
              PublicationRefusedException.class, () -> publish(refused, "{\"n\":1}"));

      assertThat(refusal).hasMessageContaining(name).hasMessageContaining(said);
      assertThat(refusal.isAnnounced()).isFalse();
      publish(channel(), "{\"n\":2}");
      assertThat(subscriber.await(1)).extracting(Heard::body).containsExactly("{\"n\":2}");
    }

    @Override
    @Test
    void noRightToSubscribe_losesTheSubscriptionAndNamesTheRemedy() {
      RecordingSubscriber subscriber = new RecordingSubscriber();

      channel(user("~*", "&*", "+@all", "-xread")).feed().subscribe(subscriber);

      assertThat(subscriber.awaitLost())
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("NOPERM")
          .hasMessageContaining("+xread");
    }
  }
}
