package io.github.cacheinvalidation.internal.outbox;

import java.time.Duration;

/** How long keys have waited in an outbox. */
final class OutboxAge {

  private OutboxAge() {}

  /**
   * Returns the age of the oldest key that the sender of an outbox publishes, or keeps after a
   * refusal. Zero if there is none, and while the outbox is stopped. Keys that a writer publishes
   * by itself are not counted. If that fails, the sender gets them. Any thread may call this.
   */
  static Duration of(Outbox outbox) {
    Sender sender = outbox.sender();
    return sender == null ? Duration.ZERO : Duration.ofNanos(sender.longestWaitNanos());
  }
}
