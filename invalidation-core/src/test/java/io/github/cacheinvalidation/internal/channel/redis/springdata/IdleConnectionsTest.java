package io.github.cacheinvalidation.internal.channel.redis.springdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.ConnectionLostException;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.redis.RedisChannel;
import io.github.cacheinvalidation.internal.channel.redis.connection.IdleConnectionCheck;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.testing.RecordingSubscriber;
import io.github.cacheinvalidation.testing.TcpProxy;
import io.github.cacheinvalidation.testing.TcpProxy.Connection;
import io.github.cacheinvalidation.testing.TestRedis;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.protocol.ProtocolVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Connections over which nothing passes for long, on a clock of the test. */
@Tag("G3")
class IdleConnectionsTest {

  private static final Duration TIMEOUT = Duration.ofMillis(500);

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final int CHECKS_IN_SILENCE =
      (int) IdleConnectionCheck.LONGEST_SILENCE.dividedBy(INTERVAL);

  private final TestRedis redis = TestRedis.started();
  private final TcpProxy network = new TcpProxy(redis);
  private final AtomicLong clock = new AtomicLong();
  private final RecordingSubscriber subscriber = new RecordingSubscriber();

  enum Client {
    LETTUCE {
      @Override
      RedisConnectionFactory factory(TestRedis redis, int port) {
        return redis.lettuce(server -> server.setPort(port));
      }
    },
    LETTUCE_RESP2 {
      @Override
      RedisConnectionFactory factory(TestRedis redis, int port) {
        return new LettuceConnectionFactory(
            new RedisStandaloneConfiguration(redis.host(), port),
            LettuceClientConfiguration.builder()
                .clientOptions(
                    ClientOptions.builder().protocolVersion(ProtocolVersion.RESP2).build())
                .build());
      }
    },
    JEDIS {
      @Override
      RedisConnectionFactory factory(TestRedis redis, int port) {
        return redis.jedis(server -> server.setPort(port));
      }
    };

    abstract RedisConnectionFactory factory(TestRedis redis, int port);
  }

  @AfterEach
  void closeServer() {
    network.close();
    redis.close();
  }

  /** Returns a channel that has published, and is subscribed. */
  private Channel open(Client client) {
    RedisChannelSettings settings =
        new RedisChannelSettings("idle", "node", 100, 1 << 20, List.of(), TIMEOUT);
    SpringDataChannel.Choice choice =
        SpringDataChannel.choose(client.factory(redis, network.port()), settings);
    Channel channel =
        RedisChannel.open(
            choice.driver(),
            choice.database(),
            settings,
            () -> UUID.randomUUID().toString(),
            clock::get);
    channel.feed().subscribe(subscriber);
    subscriber.awaitSubscribed();
    publish(channel);
    subscriber.await(1);
    channel.log().tip();
    return channel;
  }

  private static void publish(Channel channel) {
    byte[] body = "{\"caches\":{\"c\":[1]}}".getBytes(StandardCharsets.UTF_8);
    channel.log().append(new Publication(UUID.randomUUID().toString(), body));
  }

  private void check(Channel channel, int times) {
    for (int i = 0; i < times; i++) {
      clock.addAndGet(INTERVAL.toNanos());
      channel.log().tip();
    }
  }

  private int calls(String command) {
    return redis
        .command("INFO", "commandstats")
        .toString()
        .lines()
        .filter(line -> line.startsWith("cmdstat_" + command + ":calls="))
        .mapToInt(line -> Integer.parseInt(line.replaceAll(".*?calls=(\\d+),.*", "$1")))
        .findFirst()
        .orElse(0);
  }

  @Tag("G3.19")
  @ParameterizedTest
  @EnumSource
  void idleConnections_areAskedOnceIn15Seconds(Client client) {
    try (Channel channel = open(client)) {
      redis.command("CONFIG", "RESETSTAT");

      check(channel, CHECKS_IN_SILENCE - 1);
      assertThat(calls("ping") + calls("subscribe")).isZero();

      check(channel, 1);
      await().until(() -> calls("ping") == 1 && calls("subscribe") == 1);

      publish(channel);
      subscriber.await(2);
      redis.command("CONFIG", "RESETSTAT");
      check(channel, CHECKS_IN_SILENCE);
      assertThat(calls("ping") + calls("subscribe")).isZero();
      assertThat(subscriber.losses()).isEmpty();
      publish(channel);
    }
  }

  @ParameterizedTest
  @EnumSource
  void busyConnections_areNotAsked(Client client) {
    try (Channel channel = open(client)) {
      redis.command("CONFIG", "RESETSTAT");
      for (int i = 0; i < 2 * CHECKS_IN_SILENCE; i++) {
        int delivered = subscriber.deliveries().size();
        publish(channel);
        subscriber.await(delivered + 1);
        check(channel, 1);
      }

      assertThat(calls("ping") + calls("subscribe")).isZero();
    }
  }

  @Tag("G3.19")
  @ParameterizedTest
  @EnumSource
  void anIdleSubscriptionThatWasForgotten_isLost(Client client) {
    try (Channel channel = open(client)) {
      assertThat(network.swallow(Connection::isSubscriber)).isEqualTo(1);

      check(channel, CHECKS_IN_SILENCE);
      assertThat(subscriber.losses()).isEmpty();
      check(channel, 1);

      assertThat(subscriber.awaitLost()).isInstanceOf(ConnectionLostException.class);
    }
  }
}
