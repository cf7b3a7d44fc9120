package io.github.cacheinvalidation.internal.channel;

import io.github.cacheinvalidation.internal.message.Delivery;

/**
 * Receives the messages and events of a subscription. Called by one thread at a time, which may be
 * the event loop of the Redis client. During a call nothing else is delivered, and the answers to
 * other calls of the channel may wait. If {@link Feed#deliversOnOwnThread} is false, answers to the
 * application's own calls may wait too. So an implementation returns soon, waits for no other
 * thread, and never throws.
 */
public interface Subscriber {

  /** All channels are subscribed; each message from now on is delivered. Called at most once. */
  void subscribed();

  /** A message arrived. */
  void received(Delivery delivery);

  /**
   * Returns whether this subscriber has not yet handled many of its messages. A feed that can wait
   * delivers the next message later.
   */
  default boolean isBehind() {
    return false;
  }

  /**
   * The subscription could not be made, or it ended without a call of {@link Subscription#close}.
   * This is the last call.
   *
   * @param cause the reason
   */
  void lost(Throwable cause);
}
