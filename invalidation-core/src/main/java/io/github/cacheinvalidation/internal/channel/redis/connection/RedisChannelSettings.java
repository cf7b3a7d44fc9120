package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The settings of a node's Redis channel.
 *
 * @param channel the name that all nodes of the application share, without blanks. A name with
 *     braces must have a hash tag and other characters beside it, such as {@code
 *     {shop}-invalidations}
 * @param nodeName the name of this node in Redis' list of clients
 * @param maxLength the approximate number of entries that the log keeps; at least 1
 * @param maxBytes the approximate number of message bytes that the log keeps; at least 1
 * @param subscriptions the names of further Redis channels to listen to, or glob patterns if they
 *     contain one of {@code * ? [} without a backslash before it
 * @param timeout how long a command may take, at least 1 ms; 500 ms is a good value
 * @param feed how the node learns of new messages
 * @param cacheChannels the names of the channels that some caches use instead of {@code channel},
 *     each once
 */
public record RedisChannelSettings(
    String channel,
    String nodeName,
    long maxLength,
    long maxBytes,
    List<String> subscriptions,
    Duration timeout,
    FeedKind feed,
    List<String> cacheChannels) {

  /** The default timeout of a command. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(500);

  /** How the names of nodes begin in Redis' list of clients. */
  public static final String CLIENT_PREFIX = "invalidation:";

  /** Checks the values and copies the list. */
  public RedisChannelSettings {
    requireName("channel", channel);
    cacheChannels = List.copyOf(cacheChannels);
    cacheChannels.forEach(name -> requireName("cacheChannels", name));
    if (cacheChannels.contains(channel)
        || Set.copyOf(cacheChannels).size() < cacheChannels.size()) {
      throw new IllegalArgumentException(
          "'cacheChannels' must differ from each other and from '"
              + channel
              + "' but was "
              + cacheChannels);
    }
    if (nodeName.isBlank()) {
      throw new IllegalArgumentException("'nodeName' must not be blank");
    }
    requirePositive("maxLength", maxLength);
    requirePositive("maxBytes", maxBytes);
    subscriptions = List.copyOf(subscriptions);
    if (subscriptions.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "'subscriptions' must not contain a blank name but was " + subscriptions);
    }
    if (timeout.isNegative() || timeout.toMillis() == 0) {
      throw new IllegalArgumentException("'timeout' must be at least 1 ms but was " + timeout);
    }
  }

  /** Creates the settings of a channel over Pub/Sub, without cache channels. */
  public RedisChannelSettings(
      String channel,
      String nodeName,
      long maxLength,
      long maxBytes,
      List<String> subscriptions,
      Duration timeout) {
    this(
        channel, nodeName, maxLength, maxBytes, subscriptions, timeout, FeedKind.PUBSUB, List.of());
  }

  /** Returns the same settings with another feed. */
  public RedisChannelSettings withFeed(FeedKind other) {
    return new RedisChannelSettings(
        channel, nodeName, maxLength, maxBytes, subscriptions, timeout, other, cacheChannels);
  }

  /** Returns the same settings with cache channels. */
  public RedisChannelSettings withCacheChannels(Collection<String> names) {
    return new RedisChannelSettings(
        channel, nodeName, maxLength, maxBytes, subscriptions, timeout, feed, List.copyOf(names));
  }

  /** Returns the name of this node's connections in Redis, which allows no blanks there. */
  public String clientName() {
    return CLIENT_PREFIX + nodeName.replaceAll("[^!-~]", "_");
  }

  /** Checks the name of a channel. */
  private static void requireName(String what, String channel) {
    if (channel.isBlank()) {
      throw new IllegalArgumentException("'" + what + "' must not be blank");
    }
    if (channel.chars().anyMatch(Character::isWhitespace)) {
      throw new IllegalArgumentException(
          "'"
              + what
              + "' must be a name without blanks, such as cache:invalidate:shop, but was '"
              + channel
              + "'");
    }
    if (!RedisNames.canShareSlot(channel)) {
      throw new IllegalArgumentException(
          "'"
              + what
              + "' must have no braces, or a hash tag such as {shop}, but was '"
              + channel
              + "'");
    }
    if (RedisNames.isHashTagAlone(channel)) {
      throw new IllegalArgumentException(
          "'"
              + what
              + "' must have something beside its hash tag, such as {shop}:invalidate, but was '"
              + channel
              + "'");
    }
  }

  private static void requirePositive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException("'" + name + "' must be at least 1 but was " + value);
    }
  }
}
