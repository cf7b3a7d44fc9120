package io.github.cacheinvalidation.internal.channel.redis.connection;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.ConnectionLostException;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.channel.StillConnectingException;
import java.time.Duration;

/** Translates the failures of a connection and its commands into exceptions with a message. */
final class ConnectionFailures {

  private final Driver driver;
  private final String channel;

  ConnectionFailures(Driver driver, String channel) {
    this.driver = driver;
    this.channel = channel;
  }

  /** Returns the subject of a sentence about a command. */
  String of(String what) {
    return "The " + what + " on channel '" + channel + "'";
  }

  /** A slow first connection need not be a failure; a slow reconnect counts as one. */
  ChannelException whileConnecting(String what, boolean connectedBefore) {
    String message = of(what) + " waits for a connection to Redis, which is still being made";
    return connectedBefore
        ? new ChannelException(message, null)
        : new StillConnectingException(message);
  }

  ChannelException ofAnotherCall(String what, Duration timeout) {
    return new ChannelException(
        of(what) + " could not begin within " + timeout + ": another call was running", null);
  }

  /** Also keeps the interrupt. */
  ChannelException ofInterrupt(String what, InterruptedException interrupted) {
    Thread.currentThread().interrupt();
    return new ChannelException(of(what) + " was interrupted", interrupted);
  }

  ChannelException ofConnecting(String what, Throwable failure) {
    String message =
        of(what)
            + " found no connection to Redis: "
            + FailureReason.ofNoConnection(failure, driver, channel);
    return driver.answerIn(failure) == null
        ? new ChannelException(message, failure)
        : new RefusedException(message, failure);
  }

  /**
   * Translates the exception of a command.
   *
   * @param reused whether the connection existed before the command
   */
  ChannelException ofCommand(String what, Throwable failure, boolean reused) {
    String answer = driver.answerIn(failure);
    if (answer == null) {
      String message = of(what) + " had no answer from Redis: " + FailureReason.of(failure);
      return reused
          ? new ConnectionLostException(message, failure)
          : new ChannelException(message, failure);
    }
    String explained = ServerErrorKind.explained(answer, channel);
    return ServerErrorKind.of(answer) == ServerErrorKind.CREDENTIALS
        ? new RefusedException(of(what) + " could not log in to Redis: " + explained, failure)
        : new ServerErrorException(
            of(what) + " was refused by Redis: " + explained, answer, failure);
  }

  /**
   * Returns whether the next command needs another connection.
   *
   * @param fresh whether the connection is so new that another would lead to the same wrong server
   */
  boolean endsConnection(Throwable failure, boolean fresh) {
    String answer = driver.answerIn(failure);
    return answer == null
        || ServerErrorKind.of(answer) == ServerErrorKind.CREDENTIALS
        || (!fresh && ServerErrorKind.of(answer).isOfWrongServer());
  }
}
