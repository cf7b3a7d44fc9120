package io.github.cacheinvalidation.internal.channel;

import org.jspecify.annotations.Nullable;

/**
 * A connection that had worked before gave no answer, for example because a router dropped it while
 * it was idle, or the server closed it. The next call makes a new connection, so a retry at once
 * makes sense.
 */
public final class ConnectionLostException extends ChannelException {

  private static final long serialVersionUID = 1L;

  public ConnectionLostException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
