package io.github.cacheinvalidation.internal.channel;

import org.jspecify.annotations.Nullable;

/** A channel did not answer, or not in time. The request may or may not have been carried out. */
public class ChannelException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ChannelException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
