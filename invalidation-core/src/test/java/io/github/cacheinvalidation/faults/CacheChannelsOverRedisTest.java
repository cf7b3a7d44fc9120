package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.internal.cache.CacheSettings;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.springdata.SpringDataChannel;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.github.cacheinvalidation.internal.receiver.ReceiverSettings;
import io.github.cacheinvalidation.testing.TestCluster;
import io.github.cacheinvalidation.testing.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.cache.Cache;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Nodes whose caches "red" and "blue" have channels of their own, and "green" has not. */
@Tag("G3")
class CacheChannelsOverRedisTest {

  private static final List<String> CACHES = List.of("red", "blue", "green");

  private static final Duration LONG = Duration.ofMinutes(1);

  private static TestRedis redis;

  private final String id = UUID.randomUUID().toString();

  private final List<Node> nodes = new ArrayList<>();

  @BeforeAll
  static void startRedis() {
    redis = TestRedis.started();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  @AfterEach
  void closeNodes() {
    nodes.forEach(node -> node.node.close());
  }

  /** A node, and which of its caches were cleared since the join. */
  private final class Node implements InvalidationObserver {

    private final List<String> cleared = new CopyOnWriteArrayList<>();

    private final String name = "node-" + UUID.randomUUID();

    private final DefaultInvalidationNode node;

    Node(
        RedisConnectionFactory factory,
        FeedKind feed,
        String own,
        Map<String, String> channels,
        Duration staleness) {
      RedisChannelSettings settings =
          new RedisChannelSettings(own, name, 10_000, 16_000_000, List.of(), Duration.ofMillis(500))
              .withFeed(feed)
              .withCacheChannels(new TreeSet<>(channels.values()));
      node =
          DefaultInvalidationNode.builder()
              .name(name)
              .channel(() -> SpringDataChannel.open(factory, settings))
              .cacheChannels(channels)
              .caches(cache -> CacheSettings.ofSpec("", staleness, false))
              .receiver(
                  new ReceiverSettings(
                      Duration.ofMillis(250), staleness, Duration.ofMillis(500), 1 << 20))
              .observer(this)
              .build();
      nodes.add(this);
    }

    Node join() throws InterruptedException {
      node.start();
      assertThat(node.awaitJoined(PATIENCE)).isTrue();
      awaitCoherent();
      return this;
    }

    void awaitCoherent() {
      await().atMost(PATIENCE).until(() -> node.status().state() == State.COHERENT);
    }

    Cache cache(String cache) {
      return Objects.requireNonNull(node.cacheManager().getCache(cache));
    }

    void fill() {
      for (String cache : CACHES) {
        for (int key = 0; key < 10; key++) {
          int value = key;
          cache(cache).get(key, () -> value);
        }
      }
    }

    boolean holds(String cache, int key) {
      return cache(cache).get(key) != null;
    }

    void awaitEvicted(String cache, int key) {
      await(cache + " " + key).atMost(PATIENCE).until(() -> !holds(cache, key));
    }

    @Override
    public void cleared(String cache, ClearReason reason) {
      if (reason != ClearReason.JOINED) {
        cleared.add(cache + " " + reason);
      }
    }
  }

  private Node node(RedisConnectionFactory factory, FeedKind feed) {
    return new Node(factory, feed, "own-" + id, channels(), LONG);
  }

  private Map<String, String> channels() {
    return Map.of("red", "reds-" + id, "blue", "blues-" + id);
  }

  private static String log(String channel) {
    return "{" + channel + "}:log";
  }

  /** Adds a message to a log that no subscriber gets, and that a node of the stream reads. */
  private static void addUndelivered(TestRedis server, String log, String cache, int key) {
    String body =
        "{\"v\":1,\"from\":\"o/1\",\"body\":1,\"caches\":{\"" + cache + "\":[" + key + "]}}";
    server.command("XADD", log, "*", "n", UUID.randomUUID().toString(), "s", "0", "m", body);
  }

  @ParameterizedTest
  @EnumSource
  void writesAndLostMessages_areHeardOnEachChannelWithEachTransport(FeedKind feed)
      throws InterruptedException {
    Node writer = node(redis.lettuce(), feed).join();
    Node reader = node(redis.lettuce(), feed).join();
    reader.fill();

    for (String cache : CACHES) {
      writer.cache(cache).evict(1);
    }
    for (String cache : CACHES) {
      reader.awaitEvicted(cache, 1);
    }
    addUndelivered(redis, log("reds-" + id), "red", 2);
    addUndelivered(redis, log("own-" + id), "green", 2);

    reader.awaitEvicted("red", 2);
    reader.awaitEvicted("green", 2);
    assertThat(reader.holds("blue", 2)).isTrue();
    assertThat(reader.cleared).isEmpty();
    await().atMost(PATIENCE).until(writer.node::isDrained);
    assertThat(redis.command("XLEN", log("blues-" + id))).isEqualTo("2");
  }

  @ParameterizedTest
  @EnumSource(Client.class)
  void lostLogOfOneChannel_makesTheCachesOfThatChannelAloneSuspect(Client client)
      throws InterruptedException {
    Node reader =
        new Node(client.of(redis), FeedKind.PUBSUB, "own-" + id, channels(), Duration.ofSeconds(2))
            .join();
    reader.fill();

    redis.command("DEL", log("reds-" + id));

    await().atMost(PATIENCE).until(() -> reader.cleared.contains("red SUSPECTED_LOSS"));
    reader.awaitCoherent();
    assertThat(reader.cleared).containsExactly("red SUSPECTED_LOSS");
    assertThat(reader.holds("blue", 1)).isTrue();
  }

  /** Publishing, asking and, over plain Pub/Sub, listening. */
  @ParameterizedTest
  @EnumSource
  void channels_shareTheConnectionsOfLettuce(FeedKind feed) throws InterruptedException {
    Node node = node(redis.lettuce(), feed).join();
    CACHES.forEach(cache -> node.cache(cache).evict(1));
    await().atMost(PATIENCE).until(node.node::isDrained);

    assertThat(redis.clientsNamed("invalidation:" + node.name))
        .hasSize(feed == FeedKind.PUBSUB ? 3 : 5);
  }

  @Test
  void endpoint_readsAllLogsInTheirOrder() throws InterruptedException {
    Node node = node(redis.lettuce(), FeedKind.PUBSUB).join();
    Instant before = Instant.ofEpochMilli(0);
    for (String cache : CACHES) {
      node.cache(cache).evict(1);
      await().atMost(PATIENCE).until(node.node::isDrained);
    }

    var log = node.node.inspector().since(before, 100);

    assertThat(log.invalidations())
        .extracting(each -> each.cache())
        .containsExactlyElementsOf(CACHES);
    assertThat(log.more()).isFalse();
    assertThat(node.node.inspector().since(before, 2).more()).isTrue();
    assertThat(node.node.inspector().audiencesOfCacheChannels())
        .hasSize(2)
        .allSatisfy((channel, audience) -> assertThat(audience.connections()).isEqualTo(1));
  }

  private static String channelOf(TestCluster cluster, TestRedis master, String prefix) {
    return IntStream.range(0, 10_000)
        .mapToObj(number -> prefix + number)
        .filter(name -> cluster.masterOf(log(name)) == master)
        .findFirst()
        .orElseThrow();
  }

  private static long calls(TestRedis server) {
    return server
        .command("INFO", "commandstats")
        .toString()
        .lines()
        .filter(line -> line.startsWith("cmdstat_xadd:calls="))
        .mapToLong(line -> Long.parseLong(line.replaceAll("cmdstat_xadd:calls=(\\d+).*", "$1")))
        .sum();
  }

  @ParameterizedTest
  @EnumSource
  void channelsOnThreeMasters_shareTheWork(FeedKind feed, @TempDir Path directory)
      throws InterruptedException {
    try (TestCluster cluster = TestCluster.started(directory)) {
      List<TestRedis> masters = cluster.servers().subList(0, 3);
      Map<String, String> channels =
          Map.of(
              "red", channelOf(cluster, masters.get(0), "reds"),
              "blue", channelOf(cluster, masters.get(1), "blues"));
      String own = channelOf(cluster, masters.get(2), "own");
      Node writer = new Node(cluster.lettuce(), feed, own, channels, LONG).join();
      Node reader = new Node(cluster.lettuce(), feed, own, channels, LONG).join();
      reader.fill();
      long[] before = masters.stream().mapToLong(CacheChannelsOverRedisTest::calls).toArray();

      for (String cache : CACHES) {
        for (int key = 0; key < 5; key++) {
          writer.cache(cache).evict(key);
          reader.awaitEvicted(cache, key);
        }
      }

      IntPredicate worked = i -> calls(masters.get(i)) - before[i] == 5;
      assertThat(IntStream.range(0, 3).allMatch(worked)).isTrue();
      assertThat(reader.cleared).isEmpty();
      closeNodes();
    }
  }

  /** The masters share connections of the node, which must outlast the one that is silent. */
  @Tag("G4.17")
  @Test
  void masterThatIsSilent_agesTheCachesOfItsChannelAlone(@TempDir Path directory)
      throws InterruptedException {
    try (TestCluster cluster = TestCluster.started(directory)) {
      List<TestRedis> masters = cluster.servers().subList(0, 3);
      Map<String, String> channels =
          Map.of(
              "red", channelOf(cluster, masters.get(0), "reds"),
              "blue", channelOf(cluster, masters.get(1), "blues"));
      String own = channelOf(cluster, masters.get(2), "own");
      Duration bound = Duration.ofSeconds(4);
      Node writer = new Node(cluster.lettuce(), FeedKind.PUBSUB, own, channels, bound).join();
      Node reader = new Node(cluster.lettuce(), FeedKind.PUBSUB, own, channels, bound).join();
      reader.fill();
      masters.get(0).command("CONFIG", "SET", "cluster-replica-no-failover", "yes");
      cluster.servers().get(3).command("CONFIG", "SET", "cluster-replica-no-failover", "yes");
      for (TestRedis server : cluster.servers()) {
        server.command("CONFIG", "SET", "cluster-require-full-coverage", "no");
      }

      masters.get(0).pause();
      try {
        await().atMost(PATIENCE).until(() -> reader.cleared.contains("red STALENESS_BOUND"));
        writer.cache("blue").evict(1);
        writer.cache("green").evict(1);
        reader.awaitEvicted("blue", 1);
        reader.awaitEvicted("green", 1);
        assertThat(reader.holds("blue", 2)).isTrue();
        assertThat(reader.holds("green", 2)).isTrue();
        assertThat(reader.cleared).containsOnly("red STALENESS_BOUND");
      } finally {
        masters.get(0).resume();
      }
      reader.awaitCoherent();
      closeNodes();
    }
  }
}
