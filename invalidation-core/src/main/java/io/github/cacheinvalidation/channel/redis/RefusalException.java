package io.github.cacheinvalidation.channel.redis;

import io.github.cacheinvalidation.channel.RefusedException;

/** The server answered with an error. */
final class RefusalException extends RefusedException {

  private static final long serialVersionUID = 1L;

  private final String answer;

  RefusalException(String message, String answer, Throwable cause) {
    super(message, cause);
    this.answer = answer;
  }

  /** Returns what the server said. */
  String answer() {
    return answer;
  }
}
