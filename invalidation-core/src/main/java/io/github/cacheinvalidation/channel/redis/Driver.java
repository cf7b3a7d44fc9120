package io.github.cacheinvalidation.channel.redis;

import java.util.function.Consumer;
import org.springframework.data.redis.connection.RedisConnection;

/**
 * How connections of our own are made with one of the Redis clients. Making a driver connects to
 * nothing.
 */
interface Driver extends ServerErrors, AutoCloseable {

  /** Opens and connects a connection of our own. Fails where it cannot, after a bounded time. */
  RedisConnection connect();

  /**
   * Opens a connection of our own, asks for the topics, and returns without waiting for messages.
   * Called on a thread that may block for a bounded time.
   *
   * @param topics what to subscribe to
   * @param listener is told of confirmations and messages
   * @param lost is told once why the connection ended; perhaps also after it was closed here
   * @return the handle that closes it
   */
  Attachment attach(Topics topics, TopicListener listener, Consumer<Throwable> lost);

  /** Returns whether connections are known to be encrypted. */
  default boolean encrypts() {
    return false;
  }

  /** Closes what all connections share. */
  @Override
  void close();

  /** The connection of a subscription. */
  @FunctionalInterface
  interface Attachment {

    /** Closes the connection and does not wait for the server. */
    void close();
  }
}
