package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import io.github.cacheinvalidation.internal.channel.redis.connection.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The topics that a node is subscribed to at present. Redis sends a message once for each topic
 * that includes its channel; the node applies it once, for the first of these topics. Thread-safe.
 */
final class HeardTopics {

  /** Channels before patterns, because messages of a channel can have a position. */
  private final List<Topic> all;

  private final Set<Topic> subscribed = ConcurrentHashMap.newKeySet();

  HeardTopics(List<Topic> topics) {
    this.all =
        Stream.concat(
                topics.stream().filter(topic -> !topic.pattern()),
                topics.stream().filter(Topic::pattern))
            .toList();
  }

  /**
   * Returns the topics of a node without duplicates: that of the channel itself, those of the cache
   * channels in their order, and the further ones.
   */
  static List<Topic> of(RedisNames name, List<RedisNames> caches, RedisChannelSettings settings) {
    List<RedisNames> published = new ArrayList<>(List.of(name));
    published.addAll(caches);
    List<Topic> plain = published.stream().map(each -> Topic.channel(each.channel())).toList();
    boolean sharded = settings.feed() == FeedKind.SHARDED_PUBSUB;
    return Stream.concat(
            plain.stream().map(each -> sharded ? Topic.shardChannel(each.name()) : each),
            settings.subscriptions().stream()
                .map(Topic::of)
                .filter(topic -> !plain.contains(topic))
                .distinct())
        .toList();
  }

  void subscribed(Topic topic) {
    subscribed.add(topic);
  }

  void lost(Topic topic) {
    subscribed.remove(topic);
  }

  /** Returns whether an earlier topic brings the messages of this channel too. */
  boolean isHeardBefore(Topic topic, byte[] channel) {
    return topic.pattern()
        && all.stream()
            .takeWhile(earlier -> !earlier.equals(topic))
            .anyMatch(earlier -> subscribed.contains(earlier) && earlier.includes(channel));
  }
}
