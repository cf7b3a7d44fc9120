package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a node subscribes to: a channel, a glob pattern of channels, or a shard channel.
 *
 * @param name the name of the channel, or the pattern
 */
public record Topic(String name, Kind kind) {

  /** What the name means. */
  public enum Kind {
    CHANNEL,
    PATTERN,

    /** A shard channel, and the plain channel of the same name. */
    SHARD_CHANNEL
  }

  private static final String SPECIAL = "*?[";

  /** Redis publishes its own notifications on channels with these names; they never have a log. */
  private static final String NOTIFICATIONS = "__key";

  public static Topic channel(String name) {
    return new Topic(name, Kind.CHANNEL);
  }

  public static Topic shardChannel(String name) {
    return new Topic(name, Kind.SHARD_CHANNEL);
  }

  /**
   * Reads an element of the setting {@code invalidation.subscriptions}. It is a pattern if it
   * contains one of {@code * ? [} without a backslash before it. If all of these have a backslash,
   * it is the name of a channel, and a backslash stands for the character that follows it.
   */
  public static Topic of(String setting) {
    if (setting.chars().noneMatch(Topic::isSpecial)) {
      return channel(setting);
    }
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < setting.length(); i++) {
      if (isSpecial(setting.charAt(i))) {
        return new Topic(setting, Kind.PATTERN);
      }
      if (setting.charAt(i) == '\\' && i + 1 < setting.length()) {
        i++;
      }
      name.append(setting.charAt(i));
    }
    return channel(name.toString());
  }

  private static boolean isSpecial(int character) {
    return SPECIAL.indexOf(character) >= 0;
  }

  public boolean pattern() {
    return kind == Kind.PATTERN;
  }

  public boolean sharded() {
    return kind == Kind.SHARD_CHANNEL;
  }

  /** Returns whether the topic can be a channel with a log. */
  public boolean canHaveLog() {
    return !pattern() && !name.startsWith(NOTIFICATIONS);
  }

  /** Returns the name as it is on the wire. */
  public byte[] bytes() {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns whether a subscription to this topic brings the messages of a channel. */
  public boolean includes(byte[] channel) {
    return pattern() ? GlobPattern.of(bytes()).matches(channel) : Arrays.equals(bytes(), channel);
  }
}
