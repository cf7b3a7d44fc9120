package io.github.cacheinvalidation;

/** Why a whole cache was cleared on this node. */
public enum ClearReason {
  /** The application cleared the cache on this node. */
  REQUESTED,
  /** A message named the whole cache, or all caches. */
  INVALIDATED,
  /** A message in a newer format named the cache, so this node could not read the keys. */
  NEWER_FORMAT,
  /**
   * A message named a key of a type that this node does not know, or application code of a key
   * threw while the keys of a message were evicted.
   */
  UNKNOWN_KEY_TYPE,
  /**
   * The node joined the channel. Invalidations of values that were loaded before the channel's
   * first answer may have been missed.
   */
  JOINED,
  /** Messages were lost, and the log no longer holds them or cannot be read. */
  LOST_MESSAGES,
  /**
   * Messages may have been lost, because another server or another log answered. The clear happens
   * at a random moment within the cache's staleness bound.
   */
  SUSPECTED_LOSS,
  /** The node was not confirmed as coherent for as long as the cache's staleness limit. */
  STALENESS_BOUND
}
