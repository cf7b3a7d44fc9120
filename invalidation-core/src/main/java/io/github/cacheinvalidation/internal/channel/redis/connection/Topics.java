package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The topics that a node listens to.
 *
 * @param own the node's channel, whose messages have positions
 * @param channels every channel, the own one first, without duplicates
 * @param patterns every glob pattern, without duplicates
 * @param sharded whether to subscribe to the own channel as a shard channel too
 */
public record Topics(String own, List<String> channels, List<String> patterns, boolean sharded) {

  public static Topics of(String own, List<String> subscriptions) {
    List<String> channels = new ArrayList<>(List.of(own));
    List<String> patterns = new ArrayList<>();
    for (String subscription : subscriptions) {
      List<String> kind = isPattern(subscription) ? patterns : channels;
      if (!kind.contains(subscription)) {
        kind.add(subscription);
      }
    }
    return new Topics(own, List.copyOf(channels), List.copyOf(patterns), false);
  }

  private static boolean isPattern(String subscription) {
    return subscription.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
  }

  /** Returns the same topics and the own channel as a shard channel. */
  public Topics withShardChannel() {
    return new Topics(own, channels, patterns, true);
  }

  public byte[] ownBytes() {
    return own.getBytes(StandardCharsets.UTF_8);
  }

  public byte[][] channelBytes() {
    return bytes(channels);
  }

  public byte[][] patternBytes() {
    return bytes(patterns);
  }

  private static byte[][] bytes(List<String> names) {
    return names.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
  }
}
