package io.github.cacheinvalidation;

/** Why there was no room for a key that waits to be published. */
public enum OverflowCause {
  /** The channel accepts no messages: it fails, refuses, does not answer, or is not started. */
  NOT_ACCEPTED,
  /** The channel accepts messages, but writers were faster for longer than a writer waits. */
  OUTPACED,
  /**
   * Messages of a {@link ForeignMessageWriter} were published more slowly than keys became stale.
   * Only the writer gets the whole cache; nodes get the keys.
   */
  FOREIGN
}
