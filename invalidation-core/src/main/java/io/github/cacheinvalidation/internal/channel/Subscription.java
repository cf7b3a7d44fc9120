package io.github.cacheinvalidation.internal.channel;

/** The handle of a subscription. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {

  /**
   * Ends the subscription and closes its connection without waiting for the server. Calling it
   * again changes nothing. A call to the subscriber that is in progress may still finish.
   */
  @Override
  void close();
}
