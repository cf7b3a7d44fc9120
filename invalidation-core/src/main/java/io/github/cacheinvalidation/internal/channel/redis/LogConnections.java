package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.ConnectionLostException;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.channel.redis.connection.Connection;
import io.github.cacheinvalidation.internal.channel.redis.connection.ManagedConnection;
import io.github.cacheinvalidation.internal.channel.redis.connection.SilentServerException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one log: usually those that all logs of the node share. In a Redis Cluster
 * another server may answer each log. If that of this log is silent or the wrong one while others
 * answer, this log uses a connection of its own for a minute, so that the shared one need not be
 * replaced for the others. If that connection is slow to be made, it is a failure, although it is a
 * first one: the server did not answer over the shared connection either. For any thread.
 */
final class LogConnections {

  private static final long ABSENCE_NANOS = Duration.ofMinutes(1).toNanos();

  /** Whether a shared connection is not used at present. */
  private static final class Absence {

    private final LongSupplier nanoTime;

    private volatile boolean begun;

    private volatile long since;

    Absence(LongSupplier nanoTime) {
      this.nanoTime = nanoTime;
    }

    void begin() {
      since = nanoTime.getAsLong();
      begun = true;
    }

    boolean lasts() {
      return begun && nanoTime.getAsLong() - since < ABSENCE_NANOS;
    }
  }

  private final ConnectionPair shared;

  private final Supplier<ConnectionPair> making;

  private final Absence ofPublisher;

  private final Absence ofReader;

  private @Nullable ConnectionPair own;

  /**
   * Creates the connections of a log that uses the shared ones.
   *
   * @param shared closed by their owner
   * @param making makes connections for this log alone, when they are needed; closed by their owner
   */
  LogConnections(ConnectionPair shared, Supplier<ConnectionPair> making, LongSupplier nanoTime) {
    this.shared = shared;
    this.making = making;
    this.ofPublisher = new Absence(nanoTime);
    this.ofReader = new Absence(nanoTime);
  }

  private synchronized ConnectionPair own() {
    ConnectionPair made = own;
    if (made == null) {
      made = making.get().replace();
      own = made;
    }
    return made;
  }

  private ManagedConnection publisher() {
    return ofPublisher.lasts() ? own().publisher() : shared.publisher();
  }

  private ManagedConnection reader() {
    return ofReader.lasts() ? own().reader() : shared.reader();
  }

  /**
   * Runs commands on the publishing connection.
   *
   * @throws ConnectionLostException if a repetition can use another connection
   */
  <T> T publish(String what, Function<Connection, T> commands) {
    ManagedConnection used = publisher();
    try {
      return used.call(what, commands);
    } catch (SilentServerException silent) {
      ofPublisher.begin();
      throw lost(silent);
    } catch (RefusedException refused) {
      if (used.isKeptAfter(refused)) {
        ofPublisher.begin();
      }
      throw refused;
    }
  }

  /** Starts a command on the publishing connection; returns whether it was started. */
  boolean tryPublish(
      String what,
      Function<Connection, @Nullable CompletionStage<?>> command,
      Consumer<@Nullable ChannelException> outcome) {
    ManagedConnection used = publisher();
    return used.tryBegin(what, command, failure -> outcome.accept(noted(used, failure)));
  }

  private @Nullable ChannelException noted(
      ManagedConnection used, @Nullable ChannelException failure) {
    if (failure instanceof SilentServerException silent) {
      ofPublisher.begin();
      return lost(silent);
    }
    if (failure instanceof RefusedException refused && used.isKeptAfter(refused)) {
      ofPublisher.begin();
    }
    return failure;
  }

  /** A repetition uses another connection, as after a lost one. */
  private static ConnectionLostException lost(SilentServerException silent) {
    return new ConnectionLostException(String.valueOf(silent.getMessage()), silent);
  }

  /** Runs commands that may run twice on the asking connection. */
  <T> T ask(String what, Function<Connection, T> commands) {
    ManagedConnection used = reader();
    try {
      return used.callRepeatable(what, commands);
    } catch (SilentServerException silent) {
      ofReader.begin();
    } catch (RefusedException refused) {
      if (!used.isKeptAfter(refused)) {
        throw refused;
      }
      ofReader.begin();
    }
    return own().reader().callRepeatable(what, commands);
  }
}
