package io.github.cacheinvalidation.coherence;

import io.github.cacheinvalidation.observer.InvalidationObserver;
import io.github.cacheinvalidation.wire.Message;
import io.github.cacheinvalidation.wire.MessageReader;
import io.github.cacheinvalidation.wire.UnreadableMessageException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message and applies it to what the node holds. The node's own messages are not applied,
 * since they were when they were written.
 */
final class Applier {

  private final MessageReader reader;

  private final String ownOrigin;

  private final Replica replica;

  private final InvalidationObserver observer;

  Applier(MessageReader reader, String ownOrigin, Replica replica, InvalidationObserver observer) {
    this.reader = reader;
    this.ownOrigin = ownOrigin;
    this.replica = replica;
    this.observer = observer;
  }

  /** Returns the message, applied; null if it could not be read, which the observer was told. */
  @Nullable Message apply(byte[] payload, boolean open) {
    Message message;
    try {
      message = reader.read(payload, open);
    } catch (UnreadableMessageException unreadable) {
      String detail = unreadable.getMessage();
      observer.unreadable(unreadable.kind().name(), detail == null ? "" : detail);
      return null;
    }
    if (!ownOrigin.equals(message.origin()) && !message.invalidations().isEmpty()) {
      replica.apply(message.invalidations());
    }
    return message;
  }
}
