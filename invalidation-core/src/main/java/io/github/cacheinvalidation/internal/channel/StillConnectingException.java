package io.github.cacheinvalidation.internal.channel;

/**
 * A first connection is still being made, so nothing was sent. The attempt continues; a later call
 * uses the connection, or throws the reason why it could not be made.
 */
public final class StillConnectingException extends ChannelException {

  private static final long serialVersionUID = 1L;

  public StillConnectingException(String message) {
    super(message, null);
  }
}
