package io.github.cacheinvalidation.internal.channel.redis.connection;

import org.jspecify.annotations.Nullable;

/** Receives the messages of a subscription, and the server's confirmation of each topic. */
public interface TopicListener {

  void onChannelSubscribed(byte[] channel);

  void onPatternSubscribed(byte[] pattern);

  void onShardChannelSubscribed(byte[] channel);

  /**
   * Receives a message.
   *
   * @param pattern the pattern through which the message came; null or empty if through the channel
   */
  void onMessage(byte[] channel, byte[] message, byte @Nullable [] pattern);
}
