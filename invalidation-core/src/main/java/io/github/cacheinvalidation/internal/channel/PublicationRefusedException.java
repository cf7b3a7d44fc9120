package io.github.cacheinvalidation.internal.channel;

import org.jspecify.annotations.Nullable;

/** The server answered and refused the message; the log does not hold it. */
public final class PublicationRefusedException extends RefusedException {

  private static final long serialVersionUID = 1L;

  private final boolean announced;

  /**
   * Creates the exception.
   *
   * @param message what was refused, and the remedy
   * @param cause the answer of the server
   * @param announced whether the message was still sent to the subscribers
   */
  public PublicationRefusedException(String message, @Nullable Throwable cause, boolean announced) {
    super(message, cause);
    this.announced = announced;
  }

  /**
   * Returns whether the message was sent to the subscribers without a position, so that connected
   * nodes apply it. It still counts as not published.
   */
  public boolean isAnnounced() {
    return announced;
  }
}
