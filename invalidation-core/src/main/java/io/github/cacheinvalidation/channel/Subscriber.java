package io.github.cacheinvalidation.channel;

/**
 * Gets what a subscription delivers. Called by one thread at a time, which may be the event loop of
 * the Redis client: an implementation returns at once and never throws.
 */
public interface Subscriber {

  /** Every channel is subscribed: from now on each message is delivered. Called at most once. */
  void subscribed();

  /**
   * A message arrived.
   *
   * @param payload the bytes as they were on the wire
   * @param open whether it came over an additional channel or pattern, whose messages have no
   *     position whatever they say
   */
  void received(byte[] payload, boolean open);

  /**
   * The subscription could not be made, or has ended although it was not closed here. Nothing is
   * called after this.
   *
   * @param cause why
   */
  void lost(Throwable cause);
}
