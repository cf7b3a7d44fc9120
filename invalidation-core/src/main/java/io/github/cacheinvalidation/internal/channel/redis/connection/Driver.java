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
   * Opens a connection for the channel, subscribes to the topics, and returns without waiting for
   * messages. Called on a thread that may block for a bounded time.
   *
   * @param topics the topics to subscribe to
   * @param listener receives confirmations and messages
   * @param lost receives the reason when the connection ends. It may be called more than once, and
   *     also after the connection was closed here
   * @return the handle that closes the connection
   */
  Attachment attach(Topics topics, TopicListener listener, Consumer<Throwable> lost);

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

  /** The connection of a subscription. */
  @FunctionalInterface
  interface Attachment {

    /**
     * Subscribes to the channel once more, without waiting. The server's confirmation reaches the
     * listener and shows that the connection works. That is so with every client and protocol; with
     * a {@code PING} it is not.
     *
     * @return false if this client cannot do that
     */
    default boolean tryAskForConfirmation() {
      return false;
    }

    /** Closes the connection without waiting for the server. */
    void close();
  }
}
