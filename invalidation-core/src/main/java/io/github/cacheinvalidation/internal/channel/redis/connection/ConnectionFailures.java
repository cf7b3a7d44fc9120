package io.github.cacheinvalidation.internal.channel.redis.connection;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.ConnectionLostException;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.channel.StillConnectingException;
import java.util.Set;

/** What the failures of a connection's commands mean, and how a person is told of them. */
final class ConnectionFailures {

  private static final Set<String> WRONG_SERVER =
      Set.of("READONLY", "MASTERDOWN", "NOREPLICAS", "LOADING", "CLUSTERDOWN");

  private final Driver driver;
  private final String channel;

  ConnectionFailures(Driver driver, String channel) {
    this.driver = driver;
    this.channel = channel;
  }

  /** Returns the beginning of a sentence about a command. */
  String of(String what) {
    return "The " + what + " on channel '" + channel + "'";
  }

  /** Only of a first connection it is not known yet that something is wrong. */
  ChannelException whileConnecting(String what, boolean connectedBefore) {
    String message = of(what) + " waits for a connection to Redis, which is still being made";
    return connectedBefore
        ? new ChannelException(message, null)
        : new StillConnectingException(message);
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
   * Translates what a command threw.
   *
   * @param reused whether the connection had been there before the command
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
        ? new RefusedException(of(what) + " was not let in by Redis: " + explained, failure)
        : new ServerErrorException(
            of(what) + " was refused by Redis: " + explained, answer, failure);
  }

  /** Whether the next command needs another connection; a fresh one leads to the same server. */
  boolean endsConnection(Throwable failure, boolean fresh) {
    String answer = driver.answerIn(failure);
    return answer == null
        || ServerErrorKind.of(answer) == ServerErrorKind.CREDENTIALS
        || (!fresh && isOfWrongServer(answer));
  }

  /** Before Redis 7, what a command in a script was answered is inside the error of the script. */
  private static boolean isOfWrongServer(String answer) {
    return WRONG_SERVER.stream()
        .anyMatch(code -> answer.startsWith(code) || answer.contains(" -" + code + " "));
  }
}
