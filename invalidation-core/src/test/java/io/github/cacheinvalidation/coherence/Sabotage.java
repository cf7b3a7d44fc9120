package io.github.cacheinvalidation.coherence;

/** Receivers that are wrong in one point each, made by lying to a right one. */
enum Sabotage {
  NONE,
  /** Every server seems to be the same. */
  IGNORE_SERVER,
  /** Positions are compared by the entry id alone. */
  IGNORE_NONCE,
  /** The node confirms as of the reply instead of the sending. */
  CONFIRM_AS_OF_REPLY,
  /** The clear of an adoption happens before the tip is read. */
  CLEAR_BEFORE_TIP,
  /** A tip is adopted without a clear. */
  ADOPT_WITHOUT_CLEAR,
  /** Every message seems to follow the one before it. */
  IGNORE_GAPS,
  /** What the log says was missed is not applied. */
  IGNORE_REPLAY
}
