package io.github.cacheinvalidation.internal.channel.redis.connection;

import static java.util.Objects.requireNonNull;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.ConnectionLostException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, opened at its first use. After a connection failure, or an answer of a server
 * that is no longer the master, it is closed, and the next call opens another. The client never
 * reconnects by itself. Calls wait for each other, at most the timeout. Calls do not wait for the
 * answer to a {@link #tryBegin}; if its command breaks the connection, the next call closes it.
 *
 * <p>A separate thread makes the connection. A call waits for it for a bounded time. After that the
 * attempt continues, and a later call uses its connection.
 */
public final class ManagedConnection implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(ManagedConnection.class);

  /** The shortest time between reconnects if the server is the wrong one. */
  private static final long RECONNECT_PAUSE_NANOS = 500_000_000;

  private final Driver driver;
  private final String channel;
  private final Duration timeout;
  private final Duration patience;
  private final Runnable onConnect;
  private final LongSupplier nanoTime;
  private final ConnectionFailures failures;
  private final IdleConnectionCheck idleCheck;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable ConnectionAttempt attempt;
  private volatile @Nullable Connection connection;
  private volatile @Nullable Connection broken;
  private volatile long connectedAt;
  private volatile boolean connectedBefore;
  private volatile boolean closed;

  /**
   * Does not connect.
   *
   * @param timeout how long a command may take
   * @param patience how long a call waits for the first connection; for later ones, the timeout
   * @param onConnect runs after each connect, before the connection is used
   */
  public ManagedConnection(
      Driver driver,
      String channel,
      Duration timeout,
      Duration patience,
      Runnable onConnect,
      LongSupplier nanoTime) {
    this.driver = driver;
    this.channel = channel;
    this.timeout = timeout;
    this.patience = patience;
    this.onConnect = onConnect;
    this.nanoTime = nanoTime;
    this.failures = new ConnectionFailures(driver, channel);
    this.idleCheck = new IdleConnectionCheck(timeout, nanoTime);
  }

  /**
   * Runs commands that may run twice: they run again, on a new connection, if the existing one is
   * lost.
   */
  public <T> T callRepeatable(String what, Function<Connection, T> commands) {
    try {
      return call(what, commands);
    } catch (ConnectionLostException lost) {
      logger.debug("Trying again on a new connection", lost);
      return call(what, commands);
    }
  }

  /**
   * Runs commands.
   *
   * @throws ServerErrorException if the server answered with an error
   * @throws ConnectionLostException if there was no answer over a connection that already existed
   * @throws ChannelException if there was no answer
   */
  public <T> T call(String what, Function<Connection, T> commands) {
    acquire(what);
    boolean reused = isConnected();
    try {
      idleCheck.note();
      return commands.apply(connected(what));
    } catch (ChannelException notConnected) {
      throw notConnected;
    } catch (RuntimeException failure) {
      throw translated(what, failure, reused, this::drop);
    } catch (Error broken) {
      drop(); // part of a reply may be unread; the next command must not get it
      throw broken;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Starts a command if there is a connection and no call is running.
   *
   * @param command starts the command; returns null if the client can only wait
   * @param outcome receives null or the exception that {@link #call} would have thrown
   * @return whether the command was started
   */
  public boolean tryBegin(
      String what,
      Function<Connection, @Nullable CompletionStage<?>> command,
      Consumer<@Nullable ChannelException> outcome) {
    if (!lock.tryLock()) {
      return false;
    }
    Connection current = connection;
    CompletionStage<?> begun = null;
    try {
      idleCheck.note();
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

  /** Never throws, so that the outcome is always reported. */
  private ChannelException ended(String what, Throwable failure, @Nullable Connection used) {
    try {
      return translated(what, failure, true, () -> broken = used);
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
      throw new ChannelException(failures.of(what) + " was interrupted", interrupted);
    }
    throw new ChannelException(
        failures.of(what) + " could not begin within " + timeout + ": another call was running",
        null);
  }

  private boolean isConnected() {
    Connection current = connection;
    return current != null && current != broken;
  }

  private Connection connected(String what) {
    if (closed) {
      throw new ChannelException(failures.of(what) + " came after the channel was closed", null);
    }
    Connection current = connection;
    if (current != null && current == broken) {
      drop();
      current = null;
    }
    return current == null ? connect(what) : current;
  }

  private Connection connect(String what) {
    ConnectionAttempt present = attempt;
    if (present == null) {
      present = ConnectionAttempt.begin(driver, channel);
      attempt = present;
    }
    if (closed) {
      present.abandon(); // a concurrent close may not have seen the attempt
    }
    Connection made = awaited(what, present);
    attempt = null;
    connection = made;
    connectedAt = nanoTime.getAsLong();
    connectedBefore = true;
    if (closed) {
      drop();
      throw new ChannelException(failures.of(what) + " failed: the channel was closed", null);
    }
    onConnect.run();
    return made;
  }

  private Connection awaited(String what, ConnectionAttempt present) {
    try {
      return present.await(connectedBefore ? timeout : patience);
    } catch (TimeoutException stillConnecting) {
      throw failures.whileConnecting(what, connectedBefore);
    } catch (ExecutionException failed) {
      attempt = closed ? present : null; // awaitEnd waits for its thread
      throw failures.ofConnecting(what, failed.getCause() == null ? failed : failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ChannelException(failures.of(what) + " was interrupted", interrupted);
    }
  }

  private ChannelException translated(
      String what, Throwable failure, boolean reused, Runnable drop) {
    boolean fresh = nanoTime.getAsLong() - connectedAt < RECONNECT_PAUSE_NANOS;
    if (failures.endsConnection(failure, fresh)) {
      drop.run();
    }
    return failures.ofCommand(what, failure, reused);
  }

  private void drop() {
    Connection current = connection;
    connection = null;
    if (current != null) {
      try {
        current.close();
      } catch (RuntimeException failure) {
        logger.debug("A connection of channel '{}' did not close cleanly", channel, failure);
      }
    }
  }

  /**
   * Sends a {@code PING} if the connection was idle for long. Called regularly by one thread. If no
   * answer comes, the next call makes another connection.
   */
  public void keepAlive() {
    if (idleCheck.look() == IdleConnectionCheck.Finding.IDLE
        && !tryBegin("ping", Connection::beginPing, answered -> {})) {
      ping();
    }
  }

  /** For a client that can only wait. */
  private void ping() {
    if (!lock.tryLock()) {
      return; // the connection is in use
    }
    try {
      if (isConnected()) {
        requireNonNull(connection).ping();
      }
    } catch (RuntimeException failure) {
      logger.debug("No answer to a ping", translated("ping", failure, true, this::drop));
    } finally {
      lock.unlock();
    }
  }

  /** Closes the connection. Waits for a running call, at most the timeout. */
  @Override
  public void close() {
    closed = true;
    ConnectionAttempt present = attempt;
    if (present != null) {
      present.abandon();
    }
    boolean acquired = false;
    try {
      acquired = lock.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    try {
      drop();
      ConnectionAttempt untaken = attempt;
      if (acquired && untaken != null) {
        untaken.closeUntaken();
      }
    } finally {
      if (acquired) {
        lock.unlock();
      }
    }
  }

  /** Waits until the connecting thread has ended. Call this after {@link #close}. */
  public void awaitEnd(Duration limit) {
    ConnectionAttempt present = attempt;
    if (present != null) {
      present.awaitEnd(limit);
    }
  }

  /** Interrupts the connecting thread. Call this after the driver is closed. */
  public void abandon() {
    ConnectionAttempt present = attempt;
    if (present != null) {
      present.interrupt();
    }
  }
}
