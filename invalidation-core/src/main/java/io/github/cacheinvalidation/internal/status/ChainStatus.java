package io.github.cacheinvalidation.internal.status;

import io.github.cacheinvalidation.InvalidationObserver;

/** Receives the reports of one chain of the node, for the status of the node. Thread-safe. */
public interface ChainStatus extends InvalidationObserver {

  /** The node starts to follow the channel of this chain. */
  void started(String channel);

  /** The node stops following the channel. */
  void stopped();

  /** Messages that were accepted before this time may be missing. */
  void behind(long nanos, String reason);

  /**
   * The receiver resynced; called after the caches were cleared or became suspect.
   *
   * @param server the server that answered
   * @param suspected whether the caches became suspect
   */
  void resynced(String server, boolean suspected);

  /**
   * A check is confirmed.
   *
   * @param sentNanos when the check was sent
   * @param heard whether the current subscription was confirmed by then
   * @return whether the node joins with this check
   */
  boolean confirmed(long sentNanos, boolean heard);
}
