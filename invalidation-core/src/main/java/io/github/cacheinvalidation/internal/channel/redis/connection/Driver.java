package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisConnection;

/**
 * How connections of our own are made with one of the Redis clients. Making a driver connects to
 * nothing.
 */
public interface Driver extends ServerErrors, AutoCloseable {

  /**
   * Opens and connects a connection of our own, which has answered a first command. Fails where it
   * cannot, after a bounded time, which is longer than that of a command.
   */
  RedisConnection connect();

  /**
   * Has a task run by the thread of the connections.
   *
   * @return false if there is none that is not the application's too
   */
  default boolean tryExecute(Runnable task) {
    return false;
  }

  /**
   * Begins to run a script that is known to the server, and waits for nothing.
   *
   * @param connection a connection of this driver
   * @param digest how the server names the script
   * @param keyAndArguments the key first
   * @return completes with the answer; null if this client can only wait
   */
  default @Nullable CompletionStage<?> beginScript(
      RedisConnection connection, String digest, byte[]... keyAndArguments) {
    return null;
  }

  /**
   * Begins to publish a message without a position, and waits for nothing.
   *
   * @return completes with the answer; null if this client can only wait
   */
  default @Nullable CompletionStage<?> beginPublish(
      RedisConnection connection, byte[] channel, byte[] message) {
    return null;
  }

  /**
   * Begins to ask for a sign of life, and waits for nothing.
   *
   * @return completes with the answer; null if this client can only wait
   */
  default @Nullable CompletionStage<?> beginPing(RedisConnection connection) {
    return null;
  }

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

  /** Returns whether messages come on a thread that no code of the application uses. */
  default boolean deliversOnOwnThread() {
    return true;
  }

  /** Returns whether connections are known to be encrypted. */
  default boolean encrypts() {
    return false;
  }

  /** Returns the host and port of the server, or an empty text where there is not one alone. */
  default String server() {
    return "";
  }

  /** Closes what all connections share. */
  @Override
  void close();

  /** The connection of a subscription. */
  @FunctionalInterface
  interface Attachment {

    /**
     * Subscribes to the channel once more and waits for nothing. The server confirms that to the
     * listener, which is a sign of life with every client and protocol; a {@code PING} is not.
     *
     * @return false if this client cannot do that
     */
    default boolean tryAskForConfirmation() {
      return false;
    }

    /** Closes the connection and does not wait for the server. */
    void close();
  }
}
