package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.testing.TestCluster;
import io.github.cacheinvalidation.testing.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * A Redis Cluster whose masters fail. Its clients have the settings that Spring Boot gives them.
 */
@Tag("G3")
class ClusterFailoverTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  @RegisterExtension final Shop shop = new Shop();

  @Tag("G3.26")
  @Test
  void masterOfTheLogThatIsKilled_isReplacedByItsReplica_withLettuce(@TempDir Path directory) {
    try (TestCluster cluster = TestCluster.started(directory)) {
      assertFollowsTheMaster(cluster, cluster.lettuce());
    }
  }

  @Tag("G3.26")
  @Test
  void masterOfTheLogThatIsKilled_isReplacedByItsReplica_withJedis(@TempDir Path directory) {
    try (TestCluster cluster = TestCluster.started(directory)) {
      assertFollowsTheMaster(cluster, cluster.jedis());
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

  private ShopNode node(TestCluster cluster, String name, FeedKind feed) {
    return shop.node(name, cluster.lettuce(), feed, ShopNode.bounds(LONG, LONG)).join();
  }

  private void assertFollowsTheMaster(TestCluster cluster, RedisConnectionFactory factory) {
    ShopNode writer = shop.node("writer", factory, ShopNode.bounds(LONG, LONG)).join();
    ShopNode reader = shop.node("reader", factory, ShopNode.bounds(LONG, LONG)).join();
    shop.fill(20);
    shop.readAll(reader);
    shop.writeAll(writer);
    reader.awaitCoherent();

    TestRedis master = cluster.masterOf(shop.log());
    master.stop();
    shop.writeAll(writer);
    await().atMost(PATIENCE).until(() -> cluster.masterOf(shop.log()) != master);

    reader.awaitCoherent();
    Shop.awaitPublished(writer);
    shop.assertStillCoherent(writer, reader);
    shop.assertStillCoherent(reader, writer);
    assertThat(writer.node().pendingKeys()).isZero();
  }
}
