package io.github.cacheinvalidation.internal.receiver;

/** Receivers that are wrong in one point each, made by lying to a right one. */
enum Sabotage {
  NONE,
  /** Every server seems to be the same. */
  IGNORE_SERVER,
  /** Positions are compared by the entry id alone. */
  IGNORE_NONCE,
  /** The node confirms as of the reply instead of the sending. */
  CONFIRM_AS_OF_REPLY,
  /** The clear of a resync happens before the tip is read. */
  CLEAR_BEFORE_TIP,
  /** A resync clears nothing. */
  RESYNC_WITHOUT_CLEAR,
  /** A suspicion does not reach the node's entries. */
  TRUST_AFTER_SUSPICION,
  /** The node's entries count as confirmed until the suspicion. */
  TRUST_UNTIL_SUSPICION,
  /** Entries from after the sending of the suspecting check are not suspect. */
  DISTRUST_BEFORE_TIP,
  /** While the node is not subscribed, nothing seems to come after the first tip. */
  TRUST_UNHEARD,
  /** Every message seems to follow the one before it. */
  IGNORE_GAPS,
  /** Missed messages that the log returns are not applied. */
  IGNORE_REPLAY
}
