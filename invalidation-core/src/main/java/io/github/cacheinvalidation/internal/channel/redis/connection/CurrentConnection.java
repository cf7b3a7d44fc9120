package io.github.cacheinvalidation.internal.channel.redis.connection;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection that commands use now, if there is one. For any thread. */
final class CurrentConnection {

  private static final Logger logger = LoggerFactory.getLogger(CurrentConnection.class);

  /** So many timeouts after an answer, a connection to a cluster still counts as working. */
  private static final int RECENT = 4;

  /** The shortest time between reconnects if the server is the wrong one. */
  private static final long RECONNECT_PAUSE_NANOS = 500_000_000;

  private final String channel;

  private final AtomicReference<@Nullable Connection> current = new AtomicReference<>();

  private volatile @Nullable Connection broken;

  private final LongSupplier nanoTime;

  /** How long after an answer the connection counts as working; 0 if only one log uses it. */
  private volatile long recentNanos;

  private volatile long answeredAt;

  private volatile long madeAt;

  CurrentConnection(String channel, LongSupplier nanoTime) {
    this.channel = channel;
    this.nanoTime = nanoTime;
  }

  /** Several logs use the connection from now on. */
  void share(Duration timeout) {
    recentNanos = RECENT * timeout.toNanos();
    answeredAt = nanoTime.getAsLong() - recentNanos;
  }

  /** A server has answered a command. */
  void answered() {
    if (recentNanos > 0) {
      answeredAt = nanoTime.getAsLong();
    }
  }

  /**
   * Gives up a connection on which a command failed. Does nothing if it reaches several servers and
   * another log had an answer a moment ago: then one server is silent, and others are needed.
   *
   * @param close whether to close it; otherwise no command uses it
   * @return whether it was given up
   */
  boolean giveUp(@Nullable Connection used, boolean close) {
    if (used != null && used.spansServers() && isAnsweredElsewhere()) {
      return false;
    }
    if (close) {
      drop(used);
    } else {
      markBroken(used);
    }
    return true;
  }

  private boolean isAnsweredElsewhere() {
    return recentNanos > 0 && nanoTime.getAsLong() - answeredAt < recentNanos;
  }

  /** Returns whether several logs use the connection, and it reaches several servers. */
  boolean isKeptForOthers() {
    Connection present = usable();
    return recentNanos > 0 && present != null && present.spansServers();
  }

  void set(Connection made) {
    current.set(made);
    madeAt = nanoTime.getAsLong();
  }

  /**
   * Returns whether the connection is too new to be replaced because its server is the wrong one.
   */
  boolean isFresh() {
    return nanoTime.getAsLong() - madeAt < RECONNECT_PAUSE_NANOS;
  }

  /** Returns the connection; null if there is none, or if it is marked as broken. */
  @Nullable Connection usable() {
    Connection present = current.get();
    return present == broken ? null : present;
  }

  /** Marks a connection as broken, so that no command uses it. Does not close it. */
  void markBroken(@Nullable Connection used) {
    broken = used;
  }

  /** Closes a connection, unless that is done already. */
  void drop(@Nullable Connection used) {
    if (used != null && current.compareAndSet(used, null)) {
      try {
        used.close();
      } catch (RuntimeException failure) {
        logger.debug("A connection of channel '{}' did not close cleanly", channel, failure);
      }
    }
  }

  /** Closes the connection, if there is one. */
  void drop() {
    drop(current.get());
  }
}
