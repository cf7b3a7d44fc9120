package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.node.NodeBuilder;
import io.github.cacheinvalidation.testing.TcpProxy;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * A database, a channel, and the nodes, servers and networks that a test has opened for it; closed
 * after the test.
 */
final class Shop implements AfterEachCallback {

  final String channel = "faults-" + UUID.randomUUID();

  final Map<Long, Integer> database = new ConcurrentHashMap<>();

  private final List<AutoCloseable> opened = new ArrayList<>();

  private <T extends AutoCloseable> T closing(T resource) {
    opened.add(resource);
    return resource;
  }

  TestRedis redis(String... settings) {
    return closing(TestRedis.started(settings));
  }

  TcpProxy network(TestRedis redis) {
    return closing(new TcpProxy(redis));
  }

  ShopNode node(String name, RedisConnectionFactory factory) {
    return node(name, factory, builder -> {});
  }

  ShopNode node(String name, RedisConnectionFactory factory, Consumer<NodeBuilder> customizer) {
    return closing(new ShopNode(factory, channel, name, database, customizer));
  }

  ShopNode node(
      String name,
      RedisConnectionFactory factory,
      FeedKind feed,
      Consumer<NodeBuilder> customizer) {
    return closing(new ShopNode(factory, channel, name, database, feed, customizer));
  }

  BoundWatch watch(ShopNode node, Duration bound) {
    return closing(new BoundWatch(node, bound));
  }

  String log() {
    return "{" + channel + "}:log";
  }

  void fill(long products) {
    for (long key = 0; key < products; key++) {
      database.put(key, 0);
    }
  }

  void readAll(ShopNode... nodes) {
    for (ShopNode node : nodes) {
      database.keySet().forEach(node::read);
    }
  }

  /** Writes every product once more. */
  void writeAll(ShopNode writer) {
    database.forEach((key, value) -> writer.write(key, value + 1));
  }

  static void awaitPublished(ShopNode writer) {
    await().atMost(PATIENCE).until(() -> writer.node().pendingKeys() == 0);
  }

  /** Writes every product once more, and waits until the others see it. */
  void assertStillCoherent(ShopNode writer, ShopNode... readers) {
    readAll(readers);
    writeAll(writer);
    for (ShopNode reader : readers) {
      reader.awaitCoherent();
    }
  }

  @Override
  public void afterEach(ExtensionContext test) throws Exception {
    Collections.reverse(opened);
    for (AutoCloseable each : opened) {
      each.close();
    }
  }
}
