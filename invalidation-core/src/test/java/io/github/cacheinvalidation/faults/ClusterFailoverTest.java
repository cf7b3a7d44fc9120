package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.testing.TestCluster;
import io.github.cacheinvalidation.testing.TestRedis;
import io.github.cacheinvalidation.testing.junit.LogLines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * A Redis Cluster whose masters fail. Its clients have the settings that Spring Boot gives them.
 */
@Tag("G3")
class ClusterFailoverTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  /** After the promotion of a replica. */
  private static final Duration LONGEST_TO_HEAL = Duration.ofSeconds(5);

  @RegisterExtension final Shop shop = new Shop();

  @Tag("G3.26")
  @Test
  void masterOfTheLogThatIsKilled_isReplacedByItsReplica_withLettuce(@TempDir Path directory) {
    try (TestCluster cluster = TestCluster.started(directory);
        LogLines lettuce = LogLines.warningsOf("io.lettuce")) {
      RedisConnectionFactory factory = cluster.lettuce();
      assertFollowsTheMaster(cluster, node("writer", factory), node("reader", factory));
      assertThat(lettuce.all()).as("the node itself logs the outage").hasSizeLessThan(2);
    }
  }

  /** It would ask all servers, and log a warning for each that is down. */
  @Test
  void applicationThatLetsLettuceAskForTheState_hasNoWarningsOfOurConnections(
      @TempDir Path directory) {
    try (TestCluster cluster = TestCluster.started(directory);
        LogLines lettuce = LogLines.warningsOf("io.lettuce")) {
      RedisConnectionFactory factory = cluster.lettuceThatAsksForTheState();
      assertFollowsTheMaster(cluster, node("writer", factory), node("reader", factory));
      assertThat(lettuce.all()).hasSizeLessThan(2);
    }
  }

  /** A user without a password may ask for nothing there. */
  @ParameterizedTest
  @CsvSource({"LETTUCE,PUBSUB", "LETTUCE,SHARDED_PUBSUB", "LETTUCE,STREAM", "JEDIS,PUBSUB"})
  void encryptedClusterWithAPassword_isFollowed(
      Client client, FeedKind feed, @TempDir Path directory) {
    try (TestCluster cluster = TestCluster.encrypted(directory);
        LogLines lettuce = LogLines.warningsOf("io.lettuce")) {
      RedisConnectionFactory factory = factory(cluster, client);
      assertFollowsTheMaster(cluster, node("writer", factory, feed), node("reader", factory, feed));
      assertThat(lettuce.all()).hasSizeLessThan(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void serverThatIsDownAtTheStart_isPassedOver(Client client, @TempDir Path directory) {
    try (TestCluster cluster = TestCluster.started(directory);
        LogLines lettuce = LogLines.warningsOf("io.lettuce")) {
      TestRedis first = cluster.servers().get(0);
      String key = keyOf(cluster, master -> master == first);
      first.stop();
      await().atMost(PATIENCE).until(() -> cluster.masterOf(key) != first);

      ShopNode writer = node("writer", factory(cluster, client));
      ShopNode reader = node("reader", factory(cluster, client));

      shop.fill(20);
      shop.assertStillCoherent(writer, reader);
      assertThat(lettuce.all()).hasSizeLessThan(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void clusterThatIsDownAtTheStart_isNamedAndJoinedLater(Client client, @TempDir Path directory) {
    try (TestCluster cluster = TestCluster.started(directory);
        LogLines lettuce = LogLines.warningsOf("io.lettuce")) {
      RedisConnectionFactory factory = factory(cluster, client);
      cluster.servers().forEach(TestRedis::stop);
      ShopNode node = shop.node("early", factory, ShopNode.bounds(LONG, LONG)).start();

      await().atMost(PATIENCE).until(() -> node.observer.checksFailed.get() > 1);

      assertThat(node.observer.lastCheckFailure()).hasMessageContaining("no connection to Redis");
      assertThat(lettuce.all()).hasSizeLessThan(2);
      cluster.servers().forEach(TestRedis::start);
      await().atMost(PATIENCE).until(() -> node.observer.joined.get() > 0);
    }
  }

  @Tag("G3.26")
  @Test
  void masterOfTheLogThatIsKilled_isReplacedByItsReplica_withJedis(@TempDir Path directory) {
    try (TestCluster cluster = TestCluster.started(directory)) {
      RedisConnectionFactory factory = cluster.jedis();
      assertFollowsTheMaster(cluster, node("writer", factory), node("reader", factory));
    }
  }

  /** Nodes of two transports: one reads the log, the other ones subscribe where the slot is. */
  @Tag("G3.27")
  @Test
  void slotThatMovesToAnotherMaster_isFollowed_withStreamAndShardedPubSub(@TempDir Path directory) {
    try (TestCluster cluster = TestCluster.started(directory)) {
      ShopNode writer = node(cluster, "writer", FeedKind.SHARDED_PUBSUB);
      ShopNode sharded = node(cluster, "sharded", FeedKind.SHARDED_PUBSUB);
      ShopNode stream = node(cluster, "stream", FeedKind.STREAM);
      shop.fill(20);
      shop.assertStillCoherent(writer, sharded, stream);
      int subscribed = sharded.observer.subscribed.get();

      cluster.moveSlotOf(shop.log());

      await().atMost(PATIENCE).until(() -> sharded.observer.subscribed.get() > subscribed);
      shop.assertStillCoherent(writer, sharded, stream);
      shop.assertStillCoherent(stream, writer, sharded);
      TestRedis master = cluster.masterOf(shop.log());
      master.stop();
      shop.writeAll(writer);
      await().atMost(PATIENCE).until(() -> cluster.masterOf(shop.log()) != master);
      sharded.awaitCoherent();
      stream.awaitCoherent();
      shop.assertStillCoherent(sharded, writer, stream);
    }
  }

  /** The new master does not know the scripts of the nodes, and must be asked for the slot. */
  @ParameterizedTest
  @EnumSource
  void slotThatMovesWhileNodesWrite_losesNoWrite(Client client, @TempDir Path directory) {
    try (TestCluster cluster = TestCluster.started(directory)) {
      RedisConnectionFactory factory = factory(cluster, client);
      ShopNode writer = node("writer", factory);
      ShopNode reader = node("reader", factory);
      shop.fill(20);
      shop.assertStillCoherent(writer, reader);

      cluster.moveSlotOf(
          shop.log(),
          () -> {
            shop.assertStillCoherent(writer, reader);
            Shop.awaitPublished(writer);
          });

      shop.assertStillCoherent(writer, reader);
      shop.assertStillCoherent(reader, writer);
      Shop.awaitPublished(writer);
    }
  }

  @ParameterizedTest
  @EnumSource
  void secondMasterThatIsKilled_isReplacedToo(Client client, @TempDir Path directory) {
    try (TestCluster cluster = TestCluster.started(directory)) {
      RedisConnectionFactory factory = factory(cluster, client);
      ShopNode writer = node("writer", factory);
      ShopNode reader = node("reader", factory);
      assertFollowsTheMaster(cluster, writer, reader);
      TestRedis ofTheLog = cluster.masterOf(shop.log());
      String other = keyOf(cluster, master -> master != ofTheLog);
      TestRedis second = cluster.masterOf(other);

      second.stop();
      await().atMost(PATIENCE).until(() -> cluster.masterOf(other) != second);

      shop.assertStillCoherent(writer, reader);
      shop.assertStillCoherent(reader, writer);
      Shop.awaitPublished(writer);
      Shop.awaitPublished(reader);
    }
  }

  /** A replica may lack the last entries of the log. */
  @ParameterizedTest
  @EnumSource
  void applicationThatReadsFromReplicas_hasNodesThatAskTheMaster(
      FeedKind feed, @TempDir Path directory) {
    try (TestCluster cluster = TestCluster.started(directory)) {
      RedisConnectionFactory factory = cluster.lettuceThatPrefersReplicas();
      ShopNode writer = node("writer", factory, feed);
      ShopNode reader = node("reader", factory, feed);
      shop.fill(20);

      shop.assertStillCoherent(writer, reader);

      reader.channel().deafen();
      shop.assertStillCoherent(writer, reader);
      assertThat(cluster.replicas())
          .isNotEmpty()
          .allSatisfy(
              replica ->
                  assertThat(replica.command("INFO", "commandstats").toString())
                      .contains("cmdstat_")
                      .doesNotContain("xread", "xrange", "xrevrange", "evalsha"));
    }
  }

  private static String keyOf(TestCluster cluster, Predicate<TestRedis> master) {
    return IntStream.range(0, 1_000)
        .mapToObj(String::valueOf)
        .filter(key -> master.test(cluster.masterOf(key)))
        .findFirst()
        .orElseThrow();
  }

  private static RedisConnectionFactory factory(TestCluster cluster, Client client) {
    return client == Client.LETTUCE ? cluster.lettuce() : cluster.jedis();
  }

  private ShopNode node(TestCluster cluster, String name, FeedKind feed) {
    return node(name, cluster.lettuce(), feed);
  }

  private ShopNode node(String name, RedisConnectionFactory factory) {
    return node(name, factory, FeedKind.PUBSUB);
  }

  private ShopNode node(String name, RedisConnectionFactory factory, FeedKind feed) {
    return shop.node(name, factory, feed, ShopNode.bounds(LONG, LONG)).join();
  }

  private void assertFollowsTheMaster(TestCluster cluster, ShopNode writer, ShopNode reader) {
    shop.fill(20);
    shop.readAll(reader);
    shop.writeAll(writer);
    reader.awaitCoherent();

    TestRedis master = cluster.masterOf(shop.log());
    master.stop();
    shop.writeAll(writer);
    await().atMost(PATIENCE).until(() -> cluster.masterOf(shop.log()) != master);
    long promoted = System.nanoTime();

    reader.awaitCoherent();
    Shop.awaitPublished(writer);
    assertThat(Duration.ofNanos(System.nanoTime() - promoted)).isLessThan(LONGEST_TO_HEAL);
    shop.assertStillCoherent(writer, reader);
    shop.assertStillCoherent(reader, writer);
    assertThat(writer.node().pendingKeys()).isZero();
  }
}
