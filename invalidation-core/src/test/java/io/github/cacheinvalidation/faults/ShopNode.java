package io.github.cacheinvalidation.faults;

import static java.util.Objects.requireNonNull;

import io.github.cacheinvalidation.internal.cache.CacheSettings;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.springdata.SpringDataChannel;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.github.cacheinvalidation.internal.node.NodeBuilder;
import io.github.cacheinvalidation.internal.receiver.ReceiverSettings;
import io.github.cacheinvalidation.testing.CountingObserver;
import io.github.cacheinvalidation.testing.FaultyChannel;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** A node with one cache over a database that all nodes share. */
final class ShopNode implements AutoCloseable {

  static final String CACHE = "products";

  static final Duration PATIENCE = Duration.ofSeconds(60);

  static final Duration BOUND = Duration.ofSeconds(3);

  final CountingObserver observer = new CountingObserver();

  final String clientName;

  private final FeedKind feed;

  private final Map<Long, Integer> database;

  private final DefaultInvalidationNode node;

  private @Nullable FaultyChannel channel;

  private int failingSubscriptions;

  ShopNode(
      RedisConnectionFactory factory,
      String channelName,
      String nodeName,
      Map<Long, Integer> database) {
    this(factory, channelName, nodeName, database, node -> {});
  }

  ShopNode(
      RedisConnectionFactory factory,
      String channelName,
      String nodeName,
      Map<Long, Integer> database,
      Consumer<NodeBuilder> customizer) {
    this(factory, channelName, List.of(), nodeName, database, FeedKind.PUBSUB, customizer);
  }

  ShopNode(
      RedisConnectionFactory factory,
      String channelName,
      String nodeName,
      Map<Long, Integer> database,
      FeedKind feed,
      Consumer<NodeBuilder> customizer) {
    this(factory, channelName, List.of(), nodeName, database, feed, customizer);
  }

  ShopNode(
      RedisConnectionFactory factory,
      String channelName,
      List<String> subscriptions,
      String nodeName,
      Map<Long, Integer> database,
      FeedKind feed,
      Consumer<NodeBuilder> customizer) {
    this.feed = feed;
    this.database = database;
    this.clientName = "invalidation:" + nodeName;
    RedisChannelSettings settings =
        new RedisChannelSettings(
                channelName, nodeName, 100_000, 64_000_000, subscriptions, Duration.ofMillis(500))
            .withFeed(feed);
    NodeBuilder builder =
        DefaultInvalidationNode.builder()
            .name(nodeName)
            .channel(
                () -> {
                  FaultyChannel opened =
                      new FaultyChannel(SpringDataChannel.open(factory, settings));
                  channel = opened;
                  opened.failSubscriptions(failingSubscriptions);
                  return opened;
                })
            .receiver(watching(BOUND))
            .caches(cache -> CacheSettings.ofSpec("", BOUND, false))
            .observer(observer);
    customizer.accept(builder);
    this.node = builder.build();
  }

  private static ReceiverSettings watching(Duration bound) {
    return new ReceiverSettings(Duration.ofMillis(100), bound, Duration.ofMillis(500), 1 << 20);
  }

  /** Sets the bound that leaves time for checks and that of the caches apart. */
  static Consumer<NodeBuilder> bounds(Duration checked, Duration staleness) {
    return node ->
        node.receiver(watching(checked))
            .caches(cache -> CacheSettings.ofSpec("", staleness, false));
  }

  void failSubscriptionsOfNextStart() {
    failingSubscriptions = Integer.MAX_VALUE;
  }

  ShopNode start() {
    node.start();
    return this;
  }

  ShopNode join() {
    int before = observer.joined.get();
    start();
    Awaitility.await().atMost(PATIENCE).until(() -> observer.joined.get() > before);
    return this;
  }

  /** Kills the connection of the feed; returns whether there was one. */
  boolean killFeed(TestRedis redis) {
    return redis.killClients(clientName, feed == FeedKind.STREAM ? "b" : "P") == 1;
  }

  FaultyChannel channel() {
    return requireNonNull(channel, "the node was not started");
  }

  DefaultInvalidationNode node() {
    return node;
  }

  Cache cache() {
    return requireNonNull(node.cacheManager().getCache(CACHE));
  }

  /** Reads through the cache. */
  @Nullable Integer read(long key) {
    return cache().get(key, () -> database.get(key));
  }

  boolean holds(Object key) {
    return cache().get(key) != null;
  }

  /** Changes the database, and evicts as {@code @CacheEvict} does. */
  void write(long key, int value) {
    database.put(key, value);
    cache().evict(key);
  }

  /** Waits until every key that the database has is read here as it is there. */
  void awaitCoherent() {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> {
              boolean coherent = true;
              for (Map.Entry<Long, Integer> each : database.entrySet()) {
                coherent &= each.getValue().equals(read(each.getKey()));
              }
              return coherent;
            });
  }

  @Override
  public void close() {
    node.close();
  }
}
