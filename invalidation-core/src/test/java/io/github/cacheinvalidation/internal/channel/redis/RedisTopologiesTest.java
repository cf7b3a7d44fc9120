package io.github.cacheinvalidation.internal.channel.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.GroupLog;
import io.github.cacheinvalidation.internal.channel.GroupMember;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.springdata.SpringDataChannel;
import io.github.cacheinvalidation.testing.RecordingSubscriber;
import io.github.cacheinvalidation.testing.RecordingSubscriber.Heard;
import io.github.cacheinvalidation.testing.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import redis.embedded.RedisCluster;

/** The channel where the application's connection factory names more than one server. */
class RedisTopologiesTest {

  private static final RedisChannelSettings SETTINGS =
      new RedisChannelSettings(
          "topologies", "node", 1_000, 1_000_000, List.of("open-*"), Duration.ofSeconds(2));

  private static final List<FeedKind> WITH_JEDIS = List.of(FeedKind.PUBSUB, FeedKind.STREAM);

  @Test
  void sentinelWithLettuce_carriesAChannel() {
    withSentinel(
        configuration -> {
          for (FeedKind feed : FeedKind.values()) {
            assertCarriesAChannel(started(new LettuceConnectionFactory(configuration)), feed);
          }
        });
  }

  @Test
  void sentinelWithJedis_carriesAChannel() {
    withSentinel(
        configuration -> {
          for (FeedKind feed : WITH_JEDIS) {
            assertCarriesAChannel(started(new JedisConnectionFactory(configuration)), feed);
          }
        });
  }

  @Test
  void sentinelThatIsDown_failsEachCallOnly() {
    RedisSentinelConfiguration nowhere =
        new RedisSentinelConfiguration().master("m1").sentinel("127.0.0.1", 1);

    assertFailsEachCall(started(new LettuceConnectionFactory(nowhere)));
    JedisConnectionFactory jedis = new JedisConnectionFactory(nowhere);
    jedis.setEarlyStartup(false);
    assertFailsEachCall(started(jedis));
  }

  @Test
  void clusterWithLettuce_carriesAChannel(@TempDir Path directory) {
    withCluster(
        directory,
        configuration -> {
          for (FeedKind feed : FeedKind.values()) {
            assertCarriesAChannel(started(new LettuceConnectionFactory(configuration)), feed);
          }
        });
  }

  @Test
  void clusterWithJedis_carriesAChannel(@TempDir Path directory) {
    withCluster(
        directory,
        configuration -> {
          for (FeedKind feed : WITH_JEDIS) {
            assertCarriesAChannel(started(new JedisConnectionFactory(configuration)), feed);
          }
        });
  }

  @Test
  void staticMasterReplica_isRefusedByName() {
    LettuceConnectionFactory factory =
        started(
            new LettuceConnectionFactory(
                new RedisStaticMasterReplicaConfiguration("127.0.0.1", 1)));

    assertThatThrownBy(() -> SpringDataChannel.open(factory, SETTINGS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("static master/replica");
  }

  private static LettuceConnectionFactory started(LettuceConnectionFactory factory) {
    factory.afterPropertiesSet();
    return factory;
  }

  private static JedisConnectionFactory started(JedisConnectionFactory factory) {
    factory.afterPropertiesSet();
    return factory;
  }

  private interface Check<C> {
    void with(C configuration);
  }

  private static void withSentinel(Check<RedisSentinelConfiguration> check) {
    RedisCluster servers =
        RedisCluster.builder()
            .ephemeral()
            .sentinelCount(1)
            .quorumSize(1)
            .replicationGroup("m1", 1)
            .build();
    servers.start();
    try {
      check.with(
          new RedisSentinelConfiguration()
              .master("m1")
              .sentinel("127.0.0.1", servers.sentinelPorts().get(0)));
    } finally {
      servers.stop();
    }
  }

  private static void withCluster(Path directory, Check<RedisClusterConfiguration> check) {
    try (TestRedis redis =
        TestRedis.started(
            "cluster-enabled yes", "cluster-config-file nodes.conf", "dir " + directory)) {
      redis.command("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
      await().until(() -> redis.command("CLUSTER", "INFO").toString().contains("state:ok"));
      check.with(new RedisClusterConfiguration(List.of(redis.host() + ":" + redis.port())));
    }
  }

  private static void assertCarriesAChannel(RedisConnectionFactory factory, FeedKind feed) {
    RedisChannelSettings settings =
        new RedisChannelSettings(
                "topologies-" + feed,
                "node",
                1_000,
                1_000_000,
                List.of("open-*"),
                Duration.ofSeconds(2))
            .withFeed(feed);
    try (Channel channel = SpringDataChannel.open(factory, settings)) {
      RecordingSubscriber first = new RecordingSubscriber();
      channel.feed().subscribe(first).close();
      RecordingSubscriber subscriber = new RecordingSubscriber();
      channel.feed().subscribe(subscriber);
      subscriber.awaitSubscribed();
      Tip tip = channel.log().tip();

      channel.log().append(new Publication("n1", new byte[] {'{', '}'}));
      channel.log().append(new Publication("n2", new byte[] {'{', '}'}));

      List<Heard> deliveries = subscriber.await(2);
      assertThat(deliveries.get(0).predecessor()).isEqualTo(tip.position().toString());
      assertThat(channel.log().tip().position()).isEqualTo(deliveries.get(1).position());
      assertThat(channel.log().read(tip.position(), 10).entries()).hasSize(3);
      assertThat(first.deliveries()).isEmpty();
      if (factory instanceof LettuceConnectionFactory) {
        assertPublishesWithoutWaiting(channel, subscriber, feed != FeedKind.STREAM);
      }
      assertCarriesAGroup(channel);
    } finally {
      destroy(factory);
    }
  }

  /** While the log, the publisher and the subscription have a connection each. */
  private static void assertCarriesAGroup(Channel channel) {
    Duration minute = Duration.ofMinutes(1);
    GroupLog group =
        requireNonNull(
            channel.groupLog(new GroupMember("search", "node", minute, minute, minute, 1)));

    GroupLog.Entry told = requireNonNull(group.take(null).entry());
    group.keep(told, "broken");

    assertThat(told.everything()).isTrue();
    assertThat(group.take(new GroupLog.Finished(told.id(), true)).entry()).isNull();
  }

  private static void assertPublishesWithoutWaiting(
      Channel channel, RecordingSubscriber subscriber, boolean announces) {
    CompletableFuture<@Nullable ChannelException> outcome = new CompletableFuture<>();
    Publication publication = new Publication("n3", "{\"n\":3}".getBytes(UTF_8));

    assertThat(channel.log().tryAppend(publication, true, outcome::complete)).isTrue();

    assertThat(outcome).succeedsWithin(Duration.ofSeconds(10)).isNull();
    List<Heard> deliveries = subscriber.await(announces ? 4 : 3);
    if (announces) {
      assertThat(deliveries.get(2).delivery().ahead()).isEqualTo("n3");
    }
    Heard last = deliveries.get(deliveries.size() - 1);
    assertThat(last.position()).isEqualTo(channel.log().tip().position());
  }

  private static void assertFailsEachCall(RedisConnectionFactory factory) {
    try (Channel channel = SpringDataChannel.open(factory, SETTINGS)) {
      RecordingSubscriber subscriber = new RecordingSubscriber();
      channel.feed().subscribe(subscriber);

      assertThatThrownBy(channel.log()::tip).isInstanceOf(ChannelException.class);
      assertThat(subscriber.awaitLost()).isInstanceOf(ChannelException.class);
    } finally {
      destroy(factory);
    }
  }

  private static void destroy(RedisConnectionFactory factory) {
    if (factory instanceof LettuceConnectionFactory lettuce) {
      lettuce.destroy();
    } else if (factory instanceof JedisConnectionFactory jedis) {
      jedis.destroy();
    }
  }
}
