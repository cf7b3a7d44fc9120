package io.github.cacheinvalidation.internal.channel;

import org.jspecify.annotations.Nullable;

/** The server answered and refused. A retry helps only after somebody has removed the cause. */
public class RefusedException extends ChannelException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what was refused, and the remedy
   * @param cause the answer of the server
   */
  public RefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
