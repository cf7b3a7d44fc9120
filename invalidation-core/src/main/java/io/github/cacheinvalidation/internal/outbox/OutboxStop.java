package io.github.cacheinvalidation.internal.outbox;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The stop of one or more outboxes, which share the time: each sends its keys meanwhile, and the
 * last attempts end at the same time too.
 */
final class OutboxStop {

  private final List<Part> parts;

  /** An outbox, and its sender when the stop began. */
  record Part(Outbox outbox, Sender sender) {}

  private OutboxStop(List<Part> parts) {
    this.parts = parts;
  }

  /** Begins to stop the outboxes; those that are not started take no part. */
  static OutboxStop of(Stream<Outbox> outboxes) {
    return new OutboxStop(outboxes.map(Outbox::beginStop).filter(Objects::nonNull).toList());
  }

  /** Returns whether an outbox was started. */
  boolean concernsAny() {
    return !parts.isEmpty();
  }

  /** Waits until all keys are sent, at most until a deadline and for one attempt of each. */
  UnpublishedKeys await(long deadline) {
    parts.forEach(each -> each.sender().awaitSent(until(deadline)));
    parts.forEach(each -> each.sender().endAttempts());
    UnpublishedKeys unpublished = UnpublishedKeys.NONE;
    for (Part each : parts) {
      each.sender().awaitEnd();
      unpublished = unpublished.plus(each.outbox().unpublished(each.sender()));
    }
    return unpublished;
  }

  /** Returns the time until a deadline, at least a nanosecond. */
  static Duration until(long deadline) {
    return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
  }
}
