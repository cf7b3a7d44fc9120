package io.github.cacheinvalidation.internal.channel.redis.connection;

/**
 * The name of a channel in Redis, and the key of its log. In Redis, keys belong to a database but
 * channels do not, so a database number other than 0 becomes part of the name. Name and key hash to
 * the same slot of a cluster.
 *
 * @param channel the name to publish and subscribe to
 * @param logKey the key of the stream
 */
public record RedisNames(String channel, String logKey) {

  public static RedisNames of(String name, int database) {
    String channel = database == 0 ? name : name + "@" + database;
    return new RedisNames(
        channel, hasHashTag(channel) ? channel + ":log" : "{" + channel + "}:log");
  }

  /** Returns the key of the stream with the messages that a group could not handle. */
  public String deadLetterKey(String group) {
    return logKey + ":" + group + ":dead";
  }

  static boolean canShareSlot(String name) {
    boolean braces = name.indexOf('{') >= 0 || name.indexOf('}') >= 0;
    return !braces || hasHashTag(name);
  }

  /** Returns whether the channel would share its log with the channel named like its hash tag. */
  static boolean isHashTagAlone(String name) {
    return name.startsWith("{") && name.indexOf('}') == name.length() - 1;
  }

  private static boolean hasHashTag(String name) {
    int open = name.indexOf('{');
    return open >= 0 && name.indexOf('}', open) > open + 1;
  }
}
