package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.internal.message.UnreadableMessageException;

/** What reaches the receiver's thread, in the order in which it happened. */
sealed interface Event {

  /** The subscription with this number is confirmed. */
  record Subscribed(long subscription) implements Event {}

  /** The subscription with this number has ended. */
  record Lost(long subscription, Throwable cause) implements Event {}

  /** A message arrived. */
  record Received(Delivery delivery) implements Event {}

  /** A message arrived that nobody will look into. */
  record Refused(UnreadableMessageException reason) implements Event {}

  /** A check was answered. */
  record Checked(Check check, Tip tip) implements Event {}

  /** A check had no answer. */
  record CheckFailed(RuntimeException cause) implements Event {}

  /** A piece of the log was read. */
  record Read(long reading, LogPage page) implements Event {}

  /** The log could not be read. */
  record ReadFailed(long reading, RuntimeException cause) implements Event {}

  /** Something is due earlier than the receiver's thread was told. */
  record Due() implements Event {}

  /** Messages were dropped because too many were waiting. */
  record Overflowed() implements Event {}

  /**
   * A check that was sent.
   *
   * @param sentNanos when, on the node's monotonic clock, taken before it was sent
   */
  record Check(long sentNanos) {}
}
