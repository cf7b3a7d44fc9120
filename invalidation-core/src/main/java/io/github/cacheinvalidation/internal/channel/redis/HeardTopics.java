package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.redis.connection.Topic;
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
