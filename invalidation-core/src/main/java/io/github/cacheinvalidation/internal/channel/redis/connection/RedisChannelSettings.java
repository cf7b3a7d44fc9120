package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.time.Duration;
import java.util.List;

/**
 * What a node says about the Redis channel that it opens.
 *
 * @param channel the name that all nodes of the application share, without blanks. A name with
 *     braces must have a hash tag of its own and something beside it, such as {@code
 *     {shop}-invalidations}
 * @param nodeName how this node shows in Redis' list of clients
 * @param maxLength how many entries the log keeps, about; at least 1
 * @param maxBytes how many bytes of messages the log keeps, about; at least 1
 * @param subscriptions further channels to listen to, as they are named on the wire, or glob
 *     patterns if they contain one of {@code * ? [}; their messages have no position
 * @param timeout how long a command may take, more than zero; 500 ms is a good value
 */
public record RedisChannelSettings(
    String channel,
    String nodeName,
    long maxLength,
    long maxBytes,
    List<String> subscriptions,
    Duration timeout) {

  /** The timeout of a command where nothing else is wanted. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(500);

  /** Checks the values and copies the list. */
  public RedisChannelSettings {
    if (channel.isBlank()) {
      throw new IllegalArgumentException("'channel' must not be blank");
    }
    if (channel.chars().anyMatch(Character::isWhitespace)) {
      throw new IllegalArgumentException(
          "'channel' must be a name without blanks, such as cache:invalidate:shop, but was '"
              + channel
              + "'");
    }
    if (!RedisNames.canShareSlot(channel)) {
      throw new IllegalArgumentException(
          "'channel' must have no braces, or a hash tag such as {shop}, but was '" + channel + "'");
    }
    if (RedisNames.isHashTagAlone(channel)) {
      throw new IllegalArgumentException(
          "'channel' must have something beside its hash tag, such as {shop}:invalidate, but was '"
              + channel
              + "'");
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

  /** Returns the name of this node's connections in Redis, where a blank is not allowed. */
  public String clientName() {
    return "invalidation:" + nodeName.replaceAll("[^!-~]", "_");
  }

  private static void requirePositive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException("'" + name + "' must be at least 1 but was " + value);
    }
  }
}
