package io.github.cacheinvalidation.internal.channel.redis.connection;

import io.github.cacheinvalidation.internal.channel.RefusedException;
import org.jspecify.annotations.Nullable;

/** The server answered with an error. */
public final class ServerErrorException extends RefusedException {

  private static final long serialVersionUID = 1L;

  private final String answer;

  ServerErrorException(String message, String answer, @Nullable Throwable cause) {
    super(message, cause);
    this.answer = answer;
  }

  /**
   * Returns the same error with the remedy for another channel, which shares the connection.
   *
   * @param what the command
   * @param channel the name of the channel
   */
  public ServerErrorException on(String what, String channel) {
    return new ServerErrorException(
        "The "
            + what
            + " on channel '"
            + channel
            + "' was refused by Redis: "
            + ServerErrorKind.explained(answer, channel),
        answer,
        getCause());
  }

  /** Returns the error text of the server. */
  public String answer() {
    return answer;
  }

  /** Returns whether the Redis user lacks a right, so that a retry makes no sense. */
  public boolean isForMissingRights() {
    return ServerErrorKind.of(answer) == ServerErrorKind.RIGHTS;
  }
}
