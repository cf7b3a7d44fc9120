package io.github.cacheinvalidation.channel;

import org.jspecify.annotations.Nullable;

/** The server answered and refused the message; the log does not hold it. */
public final class PublicationRefusedException extends ChannelException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what was refused, and the remedy
   * @param cause the answer of the server
   */
  public PublicationRefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
