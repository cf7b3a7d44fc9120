package io.github.cacheinvalidation;

import java.time.Duration;

/**
 * One node of a fleet: the caches of this application and their connection to the channel. The
 * starter makes it as a bean. Safe for use by any thread.
 */
public interface InvalidationNode {

  /** Returns the present status: the state, since when, and why. Never blocks. */
  NodeStatus status();

  /**
   * Waits until the node has joined its channel. Values that are loaded after that are kept, and
   * the node hears of every write. Call this method before you warm up a cache. An observer must
   * not call it, since the thread that joins may call the observer.
   *
   * @param timeout the longest time to wait
   * @return whether the node has joined; false at once if the node is not started
   * @throws InterruptedException if the caller is interrupted while it waits
   */
  boolean awaitJoined(Duration timeout) throws InterruptedException;
}
