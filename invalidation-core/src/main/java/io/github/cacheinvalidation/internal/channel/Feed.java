package io.github.cacheinvalidation.internal.channel;

/** What wakes subscribers for each message of a log, and brings messages of others as well. */
public interface Feed {

  /**
   * Begins to subscribe and returns at once. The outcome is told to the subscriber. A feed has one
   * subscription at a time: the caller closes the one it has before it asks for another.
   *
   * @param subscriber gets all that happens, one call at a time
   * @return the handle that ends it
   * @throws ChannelException after {@link Channel#close}
   */
  Subscription subscribe(Subscriber subscriber);

  /**
   * Returns whether subscribers are called on threads that belong to this feed, so that a short
   * message can be applied there, not only handed on.
   */
  default boolean deliversOnOwnThread() {
    return true;
  }
}
