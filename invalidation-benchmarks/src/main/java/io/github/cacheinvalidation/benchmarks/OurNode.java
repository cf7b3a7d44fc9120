package io.github.cacheinvalidation.benchmarks;

import io.github.cacheinvalidation.internal.cache.CacheSettings;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.springdata.SpringDataChannel;
import io.github.cacheinvalidation.internal.node.ChannelOpener;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.github.cacheinvalidation.internal.outbox.OutboxSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.springframework.cache.Cache;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** One of our nodes, with the default settings unless others are given. */
final class OurNode implements AutoCloseable {

  static final String CACHE = "products";

  static final String NODE_NAME = "benchmark";

  private final Watch watch = new Watch();
  private final DefaultInvalidationNode node;
  private final Cache cache;

  OurNode(String name, ChannelOpener channel) {
    this(name, channel, Fleet.SPEC);
  }

  OurNode(String name, ChannelOpener channel, String spec) {
    this(name, channel, spec, OutboxSettings.defaults());
  }

  OurNode(String name, ChannelOpener channel, String spec, OutboxSettings outbox) {
    this(name, channel, spec, outbox, List.of(CACHE), Map.of());
  }

  /** Creates a node with several caches, of which some have channels of their own. */
  OurNode(
      String name,
      ChannelOpener channel,
      String spec,
      OutboxSettings outbox,
      List<String> caches,
      Map<String, String> channels) {
    node =
        DefaultInvalidationNode.builder()
            .name(name)
            .channel(channel)
            .caches(any -> CacheSettings.ofSpec(spec, Duration.ofSeconds(10), false))
            .cacheNames(caches)
            .cacheChannels(channels)
            .outbox(outbox)
            .observer(watch)
            .build();
    cache = node.cacheManager().getCache(caches.get(0));
    node.start();
    watch.awaitJoined();
  }

  /** The channel over Redis with the default settings. */
  static ChannelOpener redis(RedisConnectionFactory factory, String channel) {
    return redis(factory, channel, FeedKind.PUBSUB);
  }

  /** The same, over another transport. */
  static ChannelOpener redis(RedisConnectionFactory factory, String channel, FeedKind feed) {
    return redis(factory, channel, feed, List.of());
  }

  /** The same, with channels for some caches. */
  static ChannelOpener redis(
      RedisConnectionFactory factory, String channel, FeedKind feed, Collection<String> others) {
    RedisChannelSettings settings =
        new RedisChannelSettings(
                channel,
                NODE_NAME,
                10_000,
                16L << 20,
                List.of(),
                RedisChannelSettings.DEFAULT_TIMEOUT)
            .withFeed(feed)
            .withCacheChannels(others);
    return () -> SpringDataChannel.open(factory, settings);
  }

  DefaultInvalidationNode node() {
    return node;
  }

  Cache cache() {
    return cache;
  }

  Watch watch() {
    return watch;
  }

  /** Stores values as loads do, so that nothing is published. */
  void fill(List<Object> keys) {
    keys.forEach(key -> cache.get(key, () -> Fleet.VALUE));
  }

  @SuppressWarnings("unchecked") // every cache of a node shows Caffeine's
  com.github.benmanes.caffeine.cache.Cache<Object, Object> entries() {
    return (com.github.benmanes.caffeine.cache.Cache<Object, Object>) cache.getNativeCache();
  }

  @Override
  public void close() {
    node.close();
  }
}
