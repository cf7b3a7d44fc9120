package io.github.cacheinvalidation.internal.channel.redis.connection;

import io.github.cacheinvalidation.internal.channel.RefusedException;

/** The server answered with an error. */
public final class ServerErrorException extends RefusedException {

  private static final long serialVersionUID = 1L;

  private final String answer;

  ServerErrorException(String message, String answer, Throwable cause) {
    super(message, cause);
    this.answer = answer;
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
