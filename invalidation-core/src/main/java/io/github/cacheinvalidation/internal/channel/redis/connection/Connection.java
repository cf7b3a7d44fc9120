package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the channel to Redis. Methods that return a value or {@code void} wait for the
 * answer, for the timeout of the connection at most, and throw the exception of the client if there
 * is no answer or an error. Methods whose name begins with {@code begin} do not wait.
 */
public interface Connection extends AutoCloseable {

  /** The form of a script's answer. */
  enum Reply {
    /** A {@code byte[]}, or null. */
    BYTES,
    /** A list of {@code byte[]}. */
    LIST
  }

  /**
   * An entry of a stream.
   *
   * @param fields the fields, compared by identity, so a repeated field is there repeatedly
   */
  record StreamEntry(String id, Map<byte[], byte[]> fields) {}

  /**
   * The entries of a stream after one entry.
   *
   * @param entries the later entries, oldest first; empty if none was added in time
   * @param before the entry before them; null if the stream did not have it any more when the later
   *     entries had been read. If it is there, none of the later entries was trimmed
   */
  record Tail(List<StreamEntry> entries, @Nullable StreamEntry before) {}

  /**
   * Runs a script that the server already knows.
   *
   * @param digest the server's name of the script
   * @param keyAndArguments the key, then the arguments
   */
  @Nullable Object evalSha(String digest, Reply reply, byte[]... keyAndArguments);

  /** Sends a script and runs it. */
  @Nullable Object eval(byte[] script, Reply reply, byte[]... keyAndArguments);

  /** Publishes a message without a position. */
  void publish(byte[] channel, byte[] message);

  /** Publishes a message without a position on a shard channel. */
  default void shardPublish(byte[] channel, byte[] message) {
    throw new UnsupportedOperationException("This client has no sharded Pub/Sub");
  }

  /** Returns the entries of a stream from an id on, that one included. */
  List<StreamEntry> range(byte[] key, String from, int limit);

  /** Returns the newest entry of a stream; null if there is none. */
  @Nullable StreamEntry newest(byte[] key);

  /**
   * Returns the entries of a stream after an id, and waits for one if there is none yet. Called
   * only on a connection of {@link Driver#connectToRead}.
   *
   * @param wait how long to wait for an entry
   */
  Tail after(byte[] key, String id, int limit, Duration wait);

  /**
   * Starts {@link #after}.
   *
   * @return completes with the answer; null if this client can only wait
   */
  default @Nullable CompletionStage<Tail> beginAfter(
      byte[] key, String id, int limit, Duration wait) {
    return null;
  }

  /**
   * Makes a running {@link #after} fail, if this client can do that from another thread. Does not
   * wait. The connection is unusable then, but not closed.
   */
  default void abort() {}

  /** Returns how many connections are subscribed to a channel by its name, on this server. */
  long subscribers(byte[] channel);

  /** Returns the answer to {@code CLIENT LIST}: one line for each client of this server. */
  String clients();

  /** Asks for an answer. Does nothing in a cluster, where each node would be asked. */
  void ping();

  /**
   * Starts a script that the server already knows.
   *
   * @return completes with the answer; null if this client can only wait
   */
  default @Nullable CompletionStage<?> beginEvalSha(String digest, byte[]... keyAndArguments) {
    return null;
  }

  /**
   * Starts to publish a message without a position.
   *
   * @return completes with the answer; null if this client can only wait
   */
  default @Nullable CompletionStage<?> beginPublish(byte[] channel, byte[] message) {
    return null;
  }

  /**
   * Starts to publish a message without a position on a shard channel.
   *
   * @return completes with the answer; null if this client can only wait
   */
  default @Nullable CompletionStage<?> beginShardPublish(byte[] channel, byte[] message) {
    return null;
  }

  /**
   * Starts a {@code PING}.
   *
   * @return completes with the answer; null if this client can only wait
   */
  default @Nullable CompletionStage<?> beginPing() {
    return null;
  }

  /**
   * Returns whether several threads may use the connection at the same time. Then their commands do
   * not wait for each other's answers here.
   */
  default boolean isConcurrent() {
    return false;
  }

  /**
   * Returns whether another server may answer each key, so that a command without an answer says
   * nothing about the next one.
   */
  default boolean spansServers() {
    return false;
  }

  /** Closes the connection. */
  @Override
  void close();
}
