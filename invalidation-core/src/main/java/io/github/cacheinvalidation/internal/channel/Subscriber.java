package io.github.cacheinvalidation.internal.channel;

import io.github.cacheinvalidation.internal.message.Delivery;

/**
 * Gets what a subscription delivers. Called by one thread at a time, which may be the event loop of
 * the Redis client. While a call lasts, nothing else is delivered, and the answers to other calls
 * of the channel may wait; where {@link Feed#deliversOnOwnThread} says no, the application's may
 * too. So an implementation returns soon, waits for no other thread, and never throws.
 */
public interface Subscriber {

  /** Every channel is subscribed: from now on each message is delivered. Called at most once. */
  void subscribed();

  /** A message arrived. */
  void received(Delivery delivery);

  /**
   * The subscription could not be made, or has ended although it was not closed here. Nothing is
   * called after this.
   *
   * @param cause why
   */
  void lost(Throwable cause);
}
