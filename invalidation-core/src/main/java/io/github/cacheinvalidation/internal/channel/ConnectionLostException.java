package io.github.cacheinvalidation.internal.channel;

import org.jspecify.annotations.Nullable;

/**
 * A connection that had worked before gave no answer: a router forgot it while it was idle, or the
 * server closed it. The next call makes a fresh connection, so it makes sense to try again at once.
 */
public final class ConnectionLostException extends ChannelException {

  private static final long serialVersionUID = 1L;

  public ConnectionLostException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
