package io.github.cacheinvalidation.internal.channel.redis.connection;

/** Receives the messages of a subscription to a topic, and the server's confirmations. */
public interface TopicListener {

  /** The topic is subscribed; called again for each answer to a request for confirmation. */
  void onSubscribed();

  /** Receives a message, published on a channel that the topic includes. */
  void onMessage(byte[] channel, byte[] message);
}
