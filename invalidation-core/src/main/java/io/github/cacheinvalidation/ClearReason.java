package io.github.cacheinvalidation;

/** Why a cache was emptied as a whole. */
public enum ClearReason {
  /** The application asked for it on this node. */
  REQUESTED,
  /** A message named the whole cache. */
  INVALIDATED,
  /** A message of a newer format named the cache, so that its keys could not be read here. */
  NEWER_FORMAT,
  /** A message named a key of a type that is not known here. */
  UNKNOWN_KEY_TYPE,
  /**
   * The node joins the channel: what was loaded before the channel answered for the first time is
   * covered by nothing.
   */
  JOINED,
  /** Messages were lost and the log no longer has them. */
  LOST_MESSAGES,
  /**
   * Messages may have been lost: another server answers, or the log is another one. The clear comes
   * at a random moment within the cache's staleness bound.
   */
  SUSPECTED_LOSS,
  /** The staleness bound has passed without a confirmation. */
  STALENESS_BOUND
}
