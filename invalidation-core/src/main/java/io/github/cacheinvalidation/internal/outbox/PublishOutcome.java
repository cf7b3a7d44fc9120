package io.github.cacheinvalidation.internal.outbox;

/** The outcome of a message, from best to worst. */
enum PublishOutcome {
  /** The log has accepted the message. */
  ACCEPTED,
  /** The log refused the message, but Redis sent it to the subscribers. */
  REFUSED,
  /** Neither of these. If it is the final outcome, the time to publish was up. */
  ENDED
}
