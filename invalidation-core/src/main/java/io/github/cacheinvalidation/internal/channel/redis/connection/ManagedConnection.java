package io.github.cacheinvalidation.internal.channel.redis.connection;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.ConnectionLostException;
import io.github.cacheinvalidation.internal.channel.RefusedException;
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
 * reconnects by itself. Calls wait for each other, at most the timeout; if the connection is
 * {@linkplain Connection#isConcurrent concurrent}, only while it is made. Calls do not wait for the
 * answer to a {@link #tryBegin}; if its command breaks the connection, the next call closes it.
 *
 * <p>A separate thread makes the connection. A call waits for it for a bounded time. After that the
 * attempt continues, and a later call uses its connection.
 */
public final class ManagedConnection implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(ManagedConnection.class);

  private final Duration timeout;
  private final Duration patience;
  private final Runnable onConnect;
  private final ConnectionFailures failures;
  private final IdleConnectionCheck idleCheck;
  private final ReentrantLock lock = new ReentrantLock();
  private final CurrentAttempt attempt;
  private final CurrentConnection connection;
  private volatile boolean countsAsReconnect;
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
    this.timeout = timeout;
    this.patience = patience;
    this.onConnect = onConnect;
    this.attempt = new CurrentAttempt(driver, channel);
    this.connection = new CurrentConnection(channel, nanoTime);
    this.failures = new ConnectionFailures(driver, channel);
    this.idleCheck = new IdleConnectionCheck(timeout, nanoTime);
  }

  /** Several logs use it from now on; see {@link SilentServerException}. */
  public ManagedConnection share() {
    connection.share(timeout);
    return this;
  }

  /**
   * It takes the place of another connection, whose server failed. So even its first connection
   * counts as a reconnect: a slow one is a failure.
   */
  public ManagedConnection replace() {
    countsAsReconnect = true;
    return this;
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
    boolean reused = connection.usable() != null;
    Connection used;
    try {
      idleCheck.note();
      used = connected(what);
      if (!used.isConcurrent()) {
        return answered(what, used, reused, commands);
      }
    } finally {
      lock.unlock();
    }
    return answered(what, used, reused, commands);
  }

  private <T> T answered(
      String what, Connection used, boolean reused, Function<Connection, T> commands) {
    try {
      T answer = commands.apply(used);
      connection.answered();
      return answer;
    } catch (ChannelException translated) {
      throw translated;
    } catch (RuntimeException failure) {
      throw translated(what, failure, reused, used, true);
    } catch (Error broken) {
      connection.drop(used); // part of a reply may be unread; the next command must not get it
      throw broken;
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
    Connection current = connection.usable();
    CompletionStage<?> begun = null;
    try {
      idleCheck.note();
      begun = current == null ? null : command.apply(current);
    } catch (RuntimeException failure) {
      connection.markBroken(current);
    } finally {
      lock.unlock();
    }
    if (begun == null) {
      return false;
    }
    var unused =
        begun.whenComplete((answer, failure) -> outcome.accept(ended(what, failure, current)));
    return true;
  }

  /** Never throws, so that the outcome is always reported. */
  private @Nullable ChannelException ended(
      String what, @Nullable Throwable failure, @Nullable Connection used) {
    if (failure == null) {
      connection.answered();
      return null;
    }
    try {
      return translated(what, failure, true, used, false);
    } catch (RuntimeException | Error also) {
      connection.markBroken(used);
      return new ChannelException(what, also);
    }
  }

  /**
   * Returns whether one server of a cluster is the wrong one, such as an isolated master, or
   * refuses the login, while the connection stays, because other servers answer other logs.
   */
  public boolean isKeptAfter(RefusedException refused) {
    Throwable answer = refused.getCause();
    return answer != null && connection.isKeptForOthers() && failures.endsConnection(answer, false);
  }

  private void acquire(String what) {
    try {
      if (lock.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException interrupted) {
      throw failures.ofInterrupt(what, interrupted);
    }
    throw countsAsReconnect
        ? failures.ofAnotherCall(what, timeout)
        : failures.whileConnecting(what, false); // another call waits for the connection
  }

  private Connection connected(String what) {
    if (closed) {
      throw new ChannelException(failures.of(what) + " came after the channel was closed", null);
    }
    Connection current = connection.usable();
    if (current == null) {
      connection.drop(); // a broken one
      current = connect(what);
    }
    return current;
  }

  private Connection connect(String what) {
    Connection made = awaited(what);
    connection.set(made);
    countsAsReconnect = true;
    if (closed) {
      connection.drop(made);
      throw new ChannelException(failures.of(what) + " failed: the channel was closed", null);
    }
    onConnect.run();
    return made;
  }

  private Connection awaited(String what) {
    try {
      return attempt.await(countsAsReconnect ? timeout : patience);
    } catch (TimeoutException stillConnecting) {
      throw failures.whileConnecting(what, countsAsReconnect);
    } catch (ExecutionException failed) {
      throw failures.ofConnecting(what, failed.getCause() == null ? failed : failed.getCause());
    } catch (InterruptedException interrupted) {
      throw failures.ofInterrupt(what, interrupted);
    }
  }

  /** Also closes the connection if it is unusable; or without waiting, lets the next call do so. */
  private ChannelException translated(
      String what, Throwable failure, boolean reused, @Nullable Connection used, boolean close) {
    ChannelException translated = failures.ofCommand(what, failure, reused);
    return failures.endsConnection(failure, connection.isFresh()) && !connection.giveUp(used, close)
        ? SilentServerException.of(translated)
        : translated;
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
    Connection current = connection.usable();
    if (current == null || !lock.tryLock()) {
      return; // there is none, or it is in use
    }
    try {
      current.ping();
    } catch (RuntimeException failure) {
      logger.debug("No answer to a ping", translated("ping", failure, true, current, true));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Closes the connection. Waits for a running call, at most the timeout; if the connection is
   * concurrent, the call fails instead.
   */
  @Override
  public void close() {
    closed = true;
    attempt.abandon();
    boolean acquired = false;
    try {
      acquired = lock.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    try {
      connection.drop();
      if (acquired) {
        attempt.closeUntaken();
      }
    } finally {
      if (acquired) {
        lock.unlock();
      }
    }
  }

  /** Waits until the connecting thread has ended. Call this after {@link #close}. */
  public void awaitEnd(Duration limit) {
    attempt.awaitEnd(limit);
  }

  /** Interrupts the connecting thread. Call this after the driver is closed. */
  public void abandon() {
    attempt.interrupt();
  }
}
