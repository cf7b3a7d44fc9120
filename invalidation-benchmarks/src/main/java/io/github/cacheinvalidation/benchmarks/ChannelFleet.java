package io.github.cacheinvalidation.benchmarks;

import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.node.ChannelOpener;
import io.github.cacheinvalidation.internal.outbox.OutboxSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.springframework.cache.Cache;

/**
 * A fleet of our nodes with a cache for each master of a cluster. Its caches have a channel each,
 * or one for all. A key belongs to the cache of its remainder.
 */
final class ChannelFleet implements Fleet {

  private final String name;
  private final OurNode writer;
  private final List<OurNode> receivers = new ArrayList<>();
  private final List<Cache> written;

  private ChannelFleet(
      String name, ThreeMasters cluster, String own, Map<String, String> channels, int receivers) {
    this.name = name;
    this.writer = node(cluster, "writer", own, channels);
    for (int i = 0; i < receivers; i++) {
      this.receivers.add(node(cluster, "receiver-" + i, own, channels));
    }
    this.written = caches(writer).toList();
  }

  /** Creates a fleet whose caches share one channel. */
  static ChannelFleet withOneChannel(ThreeMasters cluster, int receivers) {
    return new ChannelFleet(
        "one channel", cluster, cluster.channelOn(0) + "-all", Map.of(), receivers);
  }

  /** Creates a fleet whose caches have channels with logs on different masters. */
  static ChannelFleet withAChannelForEach(ThreeMasters cluster, int receivers) {
    Map<String, String> channels = new LinkedHashMap<>();
    for (int i = 1; i < ThreeMasters.MASTERS; i++) {
      channels.put(cache(i), cluster.channelOn(i));
    }
    return new ChannelFleet("three channels", cluster, cluster.channelOn(0), channels, receivers);
  }

  private static OurNode node(
      ThreeMasters cluster, String name, String own, Map<String, String> channels) {
    ChannelOpener opener =
        () ->
            OurNode.redis(
                    cluster.connectionFactory(),
                    own,
                    FeedKind.SHARDED_PUBSUB,
                    new TreeSet<>(channels.values()))
                .open();
    List<String> caches =
        IntStream.range(0, ThreeMasters.MASTERS).mapToObj(ChannelFleet::cache).toList();
    return new OurNode(name, opener, SPEC, OutboxSettings.defaults(), caches, channels);
  }

  private static String cache(int number) {
    return "products-" + number;
  }

  private static Stream<Cache> caches(OurNode node) {
    return IntStream.range(0, ThreeMasters.MASTERS)
        .mapToObj(number -> node.node().cacheManager().getCache(cache(number)));
  }

  private static Cache of(Object key, List<Cache> caches) {
    return caches.get((int) (((Long) key) % ThreeMasters.MASTERS));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void fill(List<Object> keys) {
    for (OurNode receiver : receivers) {
      List<Cache> caches = caches(receiver).toList();
      keys.forEach(key -> of(key, caches).get(key, () -> VALUE));
      entries(receiver).forEach(com.github.benmanes.caffeine.cache.Cache::cleanUp);
    }
  }

  @Override
  public void invalidate(List<Object> keys) {
    new PacedWriter(writer, key -> of(key, written)).evict(keys);
  }

  @SuppressWarnings("unchecked") // every cache of a node shows Caffeine's
  private static Stream<com.github.benmanes.caffeine.cache.Cache<Object, Object>> entries(
      OurNode node) {
    return caches(node)
        .map(
            cache ->
                (com.github.benmanes.caffeine.cache.Cache<Object, Object>) cache.getNativeCache());
  }

  @Override
  public LongStream held() {
    return receivers.stream()
        .mapToLong(
            receiver ->
                entries(receiver)
                    .mapToLong(com.github.benmanes.caffeine.cache.Cache::estimatedSize)
                    .sum());
  }

  @Override
  public void requireValid() {
    writer.watch().requireValid();
    receivers.forEach(receiver -> receiver.watch().requireValid());
  }

  @Override
  public void close() {
    writer.close();
    receivers.forEach(OurNode::close);
  }
}
