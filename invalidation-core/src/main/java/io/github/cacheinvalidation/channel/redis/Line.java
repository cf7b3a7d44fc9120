package io.github.cacheinvalidation.channel.redis;

import io.github.cacheinvalidation.channel.ChannelException;
import io.github.cacheinvalidation.channel.RefusedException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.RedisConnection;

/**
 * One connection, opened when it is needed. After trouble on the way, or an answer of a server that
 * is not the master any more, it is closed, and the next call opens another; nothing reconnects
 * behind our back. Calls wait for each other, for at most the timeout; a command that has only
 * begun keeps none of them waiting, and where it breaks the connection, the next call closes it.
 */
final class Line implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(Line.class);
  private static final Set<String> WRONG_SERVER =
      Set.of("READONLY", "MASTERDOWN", "NOREPLICAS", "LOADING", "CLUSTERDOWN");

  private final Driver driver;
  private final String channel;
  private final Duration timeout;
  private final Runnable onConnect;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable RedisConnection connection;
  private volatile @Nullable RedisConnection broken;
  private volatile boolean closed;

  Line(Driver driver, String channel, Duration timeout, Runnable onConnect) {
    this.driver = driver;
    this.channel = channel;
    this.timeout = timeout;
    this.onConnect = onConnect;
  }

  /**
   * Runs commands.
   *
   * @throws RefusalException if the server answered with an error
   * @throws ChannelException if there was no answer
   */
  <T> T call(String what, Function<RedisConnection, T> commands) {
    acquire(what);
    try {
      return commands.apply(connected(what));
    } catch (ChannelException notConnected) {
      throw notConnected;
    } catch (RuntimeException failure) {
      throw translated(what, failure, this::drop);
    } catch (Error broken) {
      drop(); // in the middle of a reply, perhaps: the next command must not get the rest of it
      throw broken;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Begins a command, if there is a connection and no call is under way.
   *
   * @param command begins it; null if the client can only wait
   * @param outcome gets null or the exception that {@link #call} would have thrown
   * @return whether it has begun
   */
  boolean tryBegin(
      String what,
      Function<RedisConnection, @Nullable CompletionStage<?>> command,
      Consumer<@Nullable ChannelException> outcome) {
    if (!lock.tryLock()) {
      return false;
    }
    RedisConnection current = connection;
    CompletionStage<?> begun = null;
    try {
      begun = current == null || current == broken ? null : command.apply(current);
    } catch (RuntimeException failure) {
      broken = current;
    } finally {
      lock.unlock();
    }
    if (begun == null) {
      return false;
    }
    var unused =
        begun.whenComplete(
            (answer, failure) ->
                outcome.accept(failure == null ? null : ended(what, failure, current)));
    return true;
  }

  /** Whatever breaks here must not keep the outcome from being told. */
  private ChannelException ended(String what, Throwable failure, @Nullable RedisConnection used) {
    try {
      return translated(what, failure, () -> broken = used);
    } catch (RuntimeException | Error also) {
      broken = used;
      return new ChannelException(what, also);
    }
  }

  private void acquire(String what) {
    try {
      if (lock.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ChannelException(described(what) + " was interrupted", interrupted);
    }
    throw new ChannelException(
        described(what) + " could not begin within " + timeout + ", another call was under way",
        null);
  }

  private RedisConnection connected(String what) {
    if (closed) {
      throw new ChannelException(described(what) + " came after the channel was closed", null);
    }
    RedisConnection current = connection;
    if (current != null && current == broken) {
      drop();
      current = null;
    }
    if (current == null) {
      try {
        current = driver.connect();
      } catch (RuntimeException failure) {
        throw noConnection(what, failure);
      }
      connection = current;
      if (closed) {
        drop();
        throw new ChannelException(described(what) + " met the end of the channel", null);
      }
      onConnect.run();
    }
    return current;
  }

  private ChannelException noConnection(String what, RuntimeException failure) {
    String message =
        described(what)
            + " found no connection to Redis: "
            + Reason.ofNoConnection(failure, driver, channel);
    return driver.answerIn(failure) == null
        ? new ChannelException(message, failure)
        : new RefusedException(message, failure);
  }

  private ChannelException translated(String what, Throwable failure, Runnable drop) {
    String answer = driver.answerIn(failure);
    if (answer == null) {
      drop.run();
      return new ChannelException(
          described(what) + " had no answer from Redis: " + Reason.of(failure), failure);
    }
    if (Refusal.of(answer) == Refusal.CREDENTIALS) {
      drop.run();
      return new RefusedException(
          described(what) + " was not let in by Redis: " + Refusal.explained(answer, channel),
          failure);
    }
    if (isOfWrongServer(answer)) {
      drop.run();
    }
    return new RefusalException(
        described(what) + " was refused by Redis: " + Refusal.explained(answer, channel),
        answer,
        failure);
  }

  /** Before Redis 7, what a command in a script was answered is inside the error of the script. */
  private static boolean isOfWrongServer(String answer) {
    return WRONG_SERVER.stream()
        .anyMatch(code -> answer.startsWith(code) || answer.contains(" -" + code + " "));
  }

  private String described(String what) {
    return "The " + what + " on channel '" + channel + "'";
  }

  private void drop() {
    RedisConnection current = connection;
    connection = null;
    if (current != null) {
      try {
        current.close();
      } catch (RuntimeException failure) {
        logger.debug("A connection of channel '{}' did not close in order", channel, failure);
      }
    }
  }

  /** Closes the connection; a call that is under way is waited for, for at most the timeout. */
  @Override
  public void close() {
    closed = true;
    boolean acquired = false;
    try {
      acquired = lock.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    try {
      drop();
    } finally {
      if (acquired) {
        lock.unlock();
      }
    }
  }
}
