package io.github.cacheinvalidation.internal.channel.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.testing.ChannelContract;
import io.github.cacheinvalidation.testing.RecordingSubscriber;
import io.github.cacheinvalidation.testing.RecordingSubscriber.Heard;
import io.github.cacheinvalidation.testing.TestRedis;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisServer;

/** The channel over sharded Pub/Sub, with Lettuce. */
class ShardedRedisChannelTest {

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
  class AnyChannel extends ChannelContract {

    @Override
    protected Channel open(String channelName) {
      return RedisChannelFixture.open(redis.lettuce(), channelName, FeedKind.SHARDED_PUBSUB);
    }
  }

  @Nested
  class Log extends RedisLogContract {

    Log() {
      super(redis, TestRedis::lettuce, FeedKind.SHARDED_PUBSUB);
    }

    /** A tap on a plain channel hears no shard message. */
    @Override
    void onTheWire_thePlaceInTheChainIsInFrontOfTheBody() {}

    @Test
    void aMessage_isPublishedOnTheShardChannelAlone() {
      Channel overPubSub = open(factory(shared, c -> {}), name);
      try (overPubSub) {
        RecordingSubscriber plain = subscribe(overPubSub);
        Channel channel = channel();
        RecordingSubscriber subscriber = subscribe(channel);

        publish(channel, "{\"n\":1}");
        shared.command("PUBLISH", name, "{\"n\":2}");

        assertThat(plain.await(1)).extracting(Heard::body).containsExactly("{\"n\":2}");
        assertThat(subscriber.await(2))
            .extracting(Heard::body)
            .containsExactly("{\"n\":1}", "{\"n\":2}");
      }
    }
  }

  @Nested
  class Refusals extends RedisRefusalsContract {

    Refusals() {
      super(redis, TestRedis::lettuce, FeedKind.SHARDED_PUBSUB);
    }
  }

  @Nested
  class Connections extends RedisConnectionsContract {

    Connections() {
      super(redis, TestRedis::lettuce, FeedKind.SHARDED_PUBSUB);
    }
  }

  @Test
  void anotherClient_isRefusedByName() {
    assertThatThrownBy(() -> RedisChannelFixture.open(redis.jedis(), "c", FeedKind.SHARDED_PUBSUB))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Use Lettuce");
  }

  /** A server that does not know the commands of sharded Pub/Sub, as before Redis 7. */
  @Test
  void aServerWithoutShardedPubSub_refusesWithTheRemedy() {
    try (TestRedis old =
            TestRedis.started("rename-command SSUBSCRIBE \"\"", "rename-command SPUBLISH \"\"");
        Channel channel = RedisChannelFixture.open(old.lettuce(), "old", FeedKind.SHARDED_PUBSUB)) {
      RecordingSubscriber subscriber = new RecordingSubscriber();
      channel.feed().subscribe(subscriber);

      for (Throwable each :
          List.of(
              subscriber.awaitLost(),
              catchThrowable(() -> RedisChannelFixture.publish(channel, "{\"n\":1}")))) {
        assertThat(each).hasMessageContaining("needs Redis 7 or Valkey");
      }
    }
  }

  /** The channel stays the same, as that of a node does that was not restarted. */
  @Test
  void aServerThatIsReplacedByANewerOne_isUsedFromThenOn() throws IOException {
    TestRedis old = TestRedis.started("rename-command SSUBSCRIBE \"\"");
    RedisServer newer =
        RedisServer.builder().port(old.port()).bind(old.host()).setting("save \"\"").build();
    try (old;
        Channel channel = RedisChannelFixture.open(old.lettuce(), "old", FeedKind.SHARDED_PUBSUB)) {
      RecordingSubscriber refused = new RecordingSubscriber();
      channel.feed().subscribe(refused);
      refused.awaitLost();

      old.stop();
      newer.start();

      RecordingSubscriber subscriber = RedisChannelFixture.subscribe(channel);
      RedisChannelFixture.publish(channel, "{\"n\":1}");
      assertThat(subscriber.await(1)).extracting(Heard::body).containsExactly("{\"n\":1}");
    } finally {
      newer.stop();
    }
  }
}
