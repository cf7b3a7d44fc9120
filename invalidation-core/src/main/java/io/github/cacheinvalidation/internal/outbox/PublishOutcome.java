package io.github.cacheinvalidation.internal.outbox;

/** What became of a message, from good to bad. */
enum PublishOutcome {
  ACCEPTED,
  /** Not accepted, but announced to those who listen. */
  REFUSED,
  /** Neither; at the end of all attempts because the time was up. */
  ENDED
}
