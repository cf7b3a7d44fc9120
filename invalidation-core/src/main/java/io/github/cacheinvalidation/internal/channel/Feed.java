package io.github.cacheinvalidation.internal.channel;

/** Delivers each message of a log to subscribers, and messages of other senders as well. */
public interface Feed {

  /**
   * Starts to subscribe and returns at once. The subscriber is notified of the outcome. A feed has
   * one subscription at a time: the caller closes the old one before it asks for another.
   *
   * @param subscriber receives all events of the subscription, one call at a time
   * @return the handle that ends the subscription
   * @throws ChannelException after {@link Channel#close}
   */
  Subscription subscribe(Subscriber subscriber);

  /**
   * Returns whether subscribers are called on threads that belong to this feed. If so, a short
   * message can be applied on such a thread; otherwise it is only handed on.
   */
  default boolean deliversOnOwnThread() {
    return true;
  }
}
