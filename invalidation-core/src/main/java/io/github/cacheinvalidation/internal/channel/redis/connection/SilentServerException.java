package io.github.cacheinvalidation.internal.channel.redis.connection;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.RefusedException;

/**
 * One server of a cluster gave no answer, while another one answers over the same connection. The
 * connection was not closed.
 */
public final class SilentServerException extends ChannelException {

  private static final long serialVersionUID = 1L;

  private SilentServerException(ChannelException cause) {
    super(String.valueOf(cause.getMessage()), cause);
  }

  /** Returns the exception for a command that failed; the same one if a server has answered. */
  static ChannelException of(ChannelException failure) {
    return failure instanceof RefusedException ? failure : new SilentServerException(failure);
  }
}
