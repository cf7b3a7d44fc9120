package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.time.Duration;
import java.util.function.Consumer;

/** Makes the channel's connections with one Redis client. Creating a driver does not connect. */
public interface Driver extends ServerErrors, AutoCloseable {

  /**
   * Opens a connection for the channel and connects it. With Lettuce and Jedis, outside a cluster,
   * the connection has answered a first command. Throws on failure, after a bounded time that is
   * longer than the timeout of a command.
   */
  Connection connect();

  /**
   * Opens a connection like {@link #connect}, on which {@link Connection#after} may wait.
   *
   * @param wait the longest time that a command waits there
   */
  default Connection connectToRead(Duration wait) {
    return connect();
  }

  /** Returns how long {@link Connection#after} may wait, which is below the client's timeout. */
  default Duration longestWait() {
    return Duration.ofSeconds(1);
  }

  /**
   * Runs a task on the thread of the connections.
   *
   * @return false if there is no such thread, or if the application uses it too
   */
  default boolean tryExecute(Runnable task) {
    return false;
  }

  /**
   * Subscribes to a topic and returns without waiting for messages. Opens a connection for it, or
   * uses one that has other topics of the channel. A topic that is refused does no harm to them.
   * Called on a thread that may block for a bounded time.
   *
   * @param topic the topic to subscribe to
   * @param listener receives confirmations and messages
   * @param lost receives the reason when the subscription ends. It may be called more than once,
   *     and also after the subscription was closed here
   * @return the handle that ends the subscription
   */
  Attachment attach(Topic topic, TopicListener listener, Consumer<Throwable> lost);

  /** Returns whether messages arrive on a thread that the application does not use. */
  default boolean deliversOnOwnThread() {
    return true;
  }

  /** Returns whether connections are known to be encrypted. */
  default boolean encrypts() {
    return false;
  }

  /** Returns the host and port of the server, or an empty text if there is no single server. */
  default String server() {
    return "";
  }

  /** Closes the resources that all connections share. */
  @Override
  void close();

  /** A subscription to a topic. */
  @FunctionalInterface
  interface Attachment {

    /**
     * Subscribes to the topic once more, without waiting. The server's confirmation reaches the
     * listener and shows that the connection works. That is so with every client and protocol; with
     * a {@code PING} it is not.
     *
     * @return false if this client cannot do that
     */
    default boolean tryAskForConfirmation() {
      return false;
    }

    /**
     * Ends the subscription, and closes its connection if no other topic uses it, without waiting
     * for the server.
     */
    void close();
  }
}
