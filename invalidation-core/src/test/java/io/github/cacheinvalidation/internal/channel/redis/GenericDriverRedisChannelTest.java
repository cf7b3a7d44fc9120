package io.github.cacheinvalidation.internal.channel.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.springdata.SpringDataChannel;
import io.github.cacheinvalidation.testing.ChannelContract;
import io.github.cacheinvalidation.testing.RecordingSubscriber;
import io.github.cacheinvalidation.testing.RecordingSubscriber.Heard;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** The channel over Redis with a connection factory that is none of those known by name. */
class GenericDriverRedisChannelTest {

  private static TestRedis redis;

  @BeforeAll
  static void startRedis() {
    redis = TestRedis.started();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  private static Channel open(
      RedisConnectionFactory factory, String channelName, List<String> subscriptions) {
    return SpringDataChannel.open(
        new UnknownConnectionFactory(factory),
        new RedisChannelSettings(
            channelName, "node", 10_000, 64_000_000, subscriptions, Duration.ofSeconds(2)));
  }

  /** A client that reads messages on the thread that subscribed. */
  @Nested
  class Blocking extends ChannelContract {

    @Override
    protected Channel open(String channelName) {
      return GenericDriverRedisChannelTest.open(redis.jedis(), channelName, List.of());
    }
  }

  /** A client that calls on threads of its own. */
  @Nested
  class NotBlocking extends ChannelContract {

    @Override
    protected Channel open(String channelName) {
      return GenericDriverRedisChannelTest.open(redis.lettuce(), channelName, List.of());
    }

    @Test
    void patternsAndFurtherChannels_areDelivered() {
      String name = "other-" + UUID.randomUUID();
      try (Channel channel =
          GenericDriverRedisChannelTest.open(
              redis.lettuce(), name, List.of(name + "-*", name + "2"))) {
        RecordingSubscriber pattern = RedisChannelFixture.subscribe(channel.further().get(0));
        RecordingSubscriber further = RedisChannelFixture.subscribe(channel.further().get(1));

        redis.command("PUBLISH", name + "-open", "1");
        redis.command("PUBLISH", name + "2", "2");

        assertThat(pattern.await(1)).extracting(Heard::open).containsExactly(true);
        assertThat(further.await(1)).extracting(Heard::open).containsExactly(false);
      }
    }

    @Test
    void aRefusal_isRecognizedByItsText() {
      String name = "other-" + UUID.randomUUID();
      redis.command("SET", "{" + name + "}:log", "x");
      try (Channel channel = GenericDriverRedisChannelTest.open(redis.lettuce(), name, List.of())) {
        assertThatThrownBy(() -> channel.log().append(new Publication("n", new byte[] {'{', '}'})))
            .isInstanceOf(PublicationRefusedException.class)
            .hasMessageContaining("WRONGTYPE");
      }
    }
  }

  @Nested
  class Groups extends RedisGroupContract {

    Groups() {
      super(redis, (server, customizer) -> new UnknownConnectionFactory(server.jedis(customizer)));
    }
  }

  @Nested
  class GroupLosses extends RedisGroupLossContract {

    GroupLosses() {
      super(redis, (server, customizer) -> new UnknownConnectionFactory(server.jedis(customizer)));
    }
  }
}
