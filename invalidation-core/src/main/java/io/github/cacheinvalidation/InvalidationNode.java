package io.github.cacheinvalidation;

import java.time.Duration;

/**
 * One node: the caches of this application and their connection to the channel. The starter
 * provides a node as a bean. Safe for use by any thread.
 */
public interface InvalidationNode {

  /**
   * Returns the present status of the node: its state, the start time of that state, and the
   * reason. Does not wait for Redis.
   */
  NodeStatus status();

  /**
   * Waits until the node has joined its channel. From then on the node receives the invalidations
   * of other nodes, and a join no longer clears loaded values. Call this method before you warm up
   * a cache. An {@link InvalidationObserver} must not call it, because the thread that joins the
   * channel may be the thread that calls the observer.
   *
   * @param timeout the longest time to wait
   * @return true if the node has joined; false after the timeout, or at once if the node is not
   *     started
   * @throws InterruptedException if the calling thread is interrupted while it waits
   */
  boolean awaitJoined(Duration timeout) throws InterruptedException;
}
