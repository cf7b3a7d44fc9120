package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.RedisConnection;

/**
 * An attempt to connect, on a daemon thread of its own, so that whoever needs the connection waits
 * no longer than it wants to. The connection belongs to whoever takes it, and is closed if nobody
 * can take it any more.
 */
final class ConnectionAttempt {

  private static final Logger logger = LoggerFactory.getLogger(ConnectionAttempt.class);

  private final Driver driver;
  private final CompletableFuture<RedisConnection> outcome = new CompletableFuture<>();
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
      RedisConnection made = driver.connect();
      if (!outcome.complete(made)) {
        close(made);
      }
    } catch (RuntimeException | Error failure) {
      outcome.completeExceptionally(failure);
    }
  }

  /**
   * Waits for the connection, which is the caller's from then on.
   *
   * @throws TimeoutException if it is still being made
   * @throws ExecutionException if it could not be made
   */
  RedisConnection await(Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    return outcome.get(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Ends the waiting of others at once; a connection that is made after this is closed. */
  void abandon() {
    outcome.completeExceptionally(new IllegalStateException("The channel is closed"));
  }

  /** Closes the connection if it was made and nobody has taken it. */
  void closeUntaken() {
    RedisConnection made = outcome.isCompletedExceptionally() ? null : outcome.getNow(null);
    if (made != null) {
      close(made);
    }
  }

  /** Waits, after it was abandoned, until its thread has ended. */
  void awaitEnd(Duration limit) {
    try {
      thread.join(Math.max(1, limit.toMillis()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The last resort: its client is gone, so there is nothing left to leak. */
  void interrupt() {
    thread.interrupt();
  }

  private static void close(RedisConnection connection) {
    try {
      connection.close();
    } catch (RuntimeException failure) {
      logger.debug("A connection that nobody needs did not close in order", failure);
    }
  }
}
