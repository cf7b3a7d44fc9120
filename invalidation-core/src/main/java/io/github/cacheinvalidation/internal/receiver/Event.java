package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.internal.message.UnreadableMessageException;
import org.jspecify.annotations.Nullable;

/** An event for the receiver. Events are handled in the order in which they happened. */
sealed interface Event {

  /** The subscription with this number is confirmed. */
  record Subscribed(long subscription) implements Event {}

  /** The subscription with this number has ended. */
  record Lost(long subscription, Throwable cause) implements Event {}

  /** A message arrived. */
  record Received(Delivery delivery) implements Event {}

  /** A message arrived that is too long to be read. */
  record Refused(UnreadableMessageException reason) implements Event {}

  /** A check was answered; the tip is null if a further channel has no log. */
  record Checked(Check check, @Nullable Tip tip) implements Event {}

  /** A check failed, or could not be sent. */
  record CheckFailed(RuntimeException cause) implements Event {}

  /** A page of the log was read. */
  record Read(long reading, LogPage page) implements Event {}

  /** The log could not be read. */
  record ReadFailed(long reading, RuntimeException cause) implements Event {}

  /** Wakes the receiver's thread: something is due earlier than the thread expects. */
  record Due() implements Event {}

  /** The feed waits, because many messages were not handled yet. */
  record Behind() implements Event {}

  /** Messages were dropped because too many were waiting. */
  record Overflowed() implements Event {}

  /**
   * A check that was sent.
   *
   * @param sentNanos the node's monotonic clock in nanoseconds, read before the check was sent
   */
  record Check(long sentNanos) {}
}
