package io.github.cacheinvalidation;

/** Why the outbox had no room for a key. */
public enum OverflowCause {
  /** The channel accepts no messages: it fails, refuses, does not answer, or is not started. */
  NOT_ACCEPTED,
  /** The channel accepts messages, but writers were faster for longer than a writer waits. */
  OUTPACED
}
