package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The attempt to connect that is under way, if there is one. One thread at a time waits for its
 * connection; any thread may call the other methods.
 */
final class CurrentAttempt {

  private final Driver driver;

  private final String channel;

  private volatile @Nullable ConnectionAttempt current;

  private volatile boolean abandoned;

  CurrentAttempt(Driver driver, String channel) {
    this.driver = driver;
    this.channel = channel;
  }

  /**
   * Waits for a connection, which then belongs to the caller. Begins an attempt if none is under
   * way.
   *
   * @throws TimeoutException if the connection is still being made; a later call waits for it
   * @throws ExecutionException if the connection could not be made
   */
  Connection await(Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    ConnectionAttempt present = current;
    if (present == null) {
      present = ConnectionAttempt.begin(driver, channel);
      current = present;
    }
    if (abandoned) {
      present.abandon(); // a concurrent call of abandon() may not have seen the attempt
    }
    try {
      Connection made = present.await(patience);
      current = null;
      return made;
    } catch (ExecutionException failed) {
      current = abandoned ? present : null; // awaitEnd waits for its thread
      throw failed;
    }
  }

  /** Ends all waits at once. A connection that is made later is closed. */
  void abandon() {
    abandoned = true;
    ConnectionAttempt present = current;
    if (present != null) {
      present.abandon();
    }
  }

  /** Closes the connection if it was made. Call this while no call waits for it. */
  void closeUntaken() {
    ConnectionAttempt present = current;
    if (present != null) {
      present.closeUntaken();
    }
  }

  /** Waits until the connecting thread has ended. Call this after {@link #abandon}. */
  void awaitEnd(Duration limit) {
    ConnectionAttempt present = current;
    if (present != null) {
      present.awaitEnd(limit);
    }
  }

  /** Interrupts the connecting thread. Call this after the driver is closed. */
  void interrupt() {
    ConnectionAttempt present = current;
    if (present != null) {
      present.interrupt();
    }
  }
}
