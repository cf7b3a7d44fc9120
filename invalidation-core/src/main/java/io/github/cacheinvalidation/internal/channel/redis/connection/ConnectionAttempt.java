package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An attempt to connect, on its own daemon thread, so that a caller can limit its wait. The
 * connection belongs to the caller that takes it. It is closed if no caller can take it any more.
 */
final class ConnectionAttempt {

  private static final Logger logger = LoggerFactory.getLogger(ConnectionAttempt.class);

  private final Driver driver;
  private final CompletableFuture<Connection> outcome = new CompletableFuture<>();
  private final Thread thread;

  private ConnectionAttempt(Driver driver, String channel) {
    this.driver = driver;
    this.thread = new Thread(this::run, "cache-invalidation-connect-" + channel);
    this.thread.setDaemon(true);
  }

  static ConnectionAttempt begin(Driver driver, String channel) {
    ConnectionAttempt attempt = new ConnectionAttempt(driver, channel);
    attempt.thread.start();
    return attempt;
  }

  private void run() {
    try {
      Connection made = driver.connect();
      if (!outcome.complete(made)) {
        close(made);
      }
    } catch (RuntimeException | Error failure) {
      outcome.completeExceptionally(failure);
    }
  }

  /**
   * Waits for the connection, which then belongs to the caller.
   *
   * @throws TimeoutException if the connection is still being made
   * @throws ExecutionException if the connection could not be made
   */
  Connection await(Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    return outcome.get(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Ends the wait of every caller at once. A connection that is made later is closed. */
  void abandon() {
    outcome.completeExceptionally(new IllegalStateException("The channel is closed"));
  }

  /** Closes the connection if it was made. Call this only if no caller has taken it. */
  void closeUntaken() {
    Connection made = outcome.isCompletedExceptionally() ? null : outcome.getNow(null);
    if (made != null) {
      close(made);
    }
  }

  /** Waits until the connecting thread has ended. Call this after {@link #abandon}. */
  void awaitEnd(Duration limit) {
    try {
      thread.join(Math.max(1, limit.toMillis()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Interrupts the connecting thread. Call this after the driver is closed, so nothing leaks. */
  void interrupt() {
    thread.interrupt();
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (RuntimeException failure) {
      logger.debug("An unused connection did not close cleanly", failure);
    }
  }
}
