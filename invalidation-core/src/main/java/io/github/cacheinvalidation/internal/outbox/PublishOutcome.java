package io.github.cacheinvalidation.internal.outbox;

/** The outcome of a message, from best to worst. */
enum PublishOutcome {
  /** The log has accepted the message. */
  ACCEPTED,
  /** The log refused the message, but the subscribers were sent it. */
  REFUSED,
  /** Neither of these; as the final outcome, the time to publish was up. */
  ENDED
}
