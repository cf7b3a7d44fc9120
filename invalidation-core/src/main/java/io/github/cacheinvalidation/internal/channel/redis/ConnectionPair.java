package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.redis.connection.ConnectTimeout;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.ManagedConnection;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Two connections for logs, so that appending and reading do not wait for each other.
 *
 * @param publisher appends
 * @param reader asks for the tip and reads
 */
record ConnectionPair(ManagedConnection publisher, ManagedConnection reader) {

  /**
   * Does not connect.
   *
   * @param onReader runs after the reader has connected
   */
  static ConnectionPair of(
      Driver driver, String channel, Duration timeout, Runnable onReader, LongSupplier nanoTime) {
    return new ConnectionPair(
        new ManagedConnection(driver, channel, timeout, timeout, () -> {}, nanoTime),
        new ManagedConnection(
            driver, channel, timeout, ConnectTimeout.patience(timeout), onReader, nanoTime));
  }

  /** Several logs use the connections from now on. */
  ConnectionPair share() {
    return new ConnectionPair(publisher.share(), reader.share());
  }

  /**
   * The connections take the place of others, whose server failed. So a connection that is slow to
   * be made is a failure, also the first one.
   */
  ConnectionPair replace() {
    return new ConnectionPair(publisher.replace(), reader.replace());
  }

  void close() {
    publisher.close();
    reader.close();
  }

  /** Waits for the threads that make connections. Call this after {@link #close}. */
  void awaitEnd(Supplier<Duration> left) {
    publisher.awaitEnd(left.get());
    reader.awaitEnd(left.get());
  }

  /** Interrupts the threads that make connections. Call this after the driver is closed. */
  void abandon() {
    publisher.abandon();
    reader.abandon();
  }
}
