package io.github.cacheinvalidation.faults;

import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.node.NodeBuilder;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** Nodes on one Redis, which is not started yet, over the client that a test class is for. */
abstract class RedisFaultsFixture {

  static final Duration HOUR = Duration.ofHours(1);

  final String channel = "faults-" + UUID.randomUUID();

  final Map<Long, Integer> database = new ConcurrentHashMap<>();

  private final List<ShopNode> nodes = new ArrayList<>();

  final TestRedis redis = TestRedis.stopped();

  abstract RedisConnectionFactory factory(TestRedis redis);

  /** How the nodes of the test learn of messages. */
  FeedKind feed() {
    return FeedKind.PUBSUB;
  }

  @AfterEach
  void closeAll() {
    nodes.forEach(ShopNode::close);
    redis.close();
  }

  ShopNode node(String name) {
    return node(name, builder -> {});
  }

  ShopNode node(String name, Consumer<NodeBuilder> customizer) {
    ShopNode node = new ShopNode(factory(redis), channel, name, database, feed(), customizer);
    nodes.add(node);
    return node;
  }

  ShopNode patientNode(String name) {
    return node(name, ShopNode.bounds(HOUR, HOUR));
  }

  String log() {
    return "{" + channel + "}:log";
  }

  void fill(int products) {
    for (long key = 0; key < products; key++) {
      database.put(key, 0);
    }
  }

  void readAll(ShopNode node) {
    database.keySet().forEach(node::read);
  }

  /** Writes every product once more, and waits until the others see it. */
  void assertStillCoherent(ShopNode writer, ShopNode... readers) {
    for (ShopNode reader : readers) {
      readAll(reader);
    }
    database.forEach((key, value) -> writer.write(key, value + 1));
    for (ShopNode reader : readers) {
      reader.awaitCoherent();
    }
  }
}
