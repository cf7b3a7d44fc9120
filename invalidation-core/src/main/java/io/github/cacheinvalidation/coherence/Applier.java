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

  private static final String NOT_APPLIED = "NOT_APPLIED";

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

  /**
   * Returns the message, applied; null if it could not be read or applied, which the observer was
   * told. Then it counts as missing, and the chain answers that.
   */
  @Nullable Message apply(byte[] payload, boolean open) {
    try {
      Message message = reader.readOthers(payload, open, ownOrigin);
      if (!ownOrigin.equals(message.origin()) && !message.invalidations().isEmpty()) {
        replica.apply(message.invalidations());
      }
      return message;
    } catch (UnreadableMessageException unreadable) {
      refuse(unreadable);
    } catch (RuntimeException | Error failure) {
      observer.unreadable(NOT_APPLIED, "a key of the application threw " + failure.getClass());
    }
    return null;
  }

  /** Tells the observer of a message that cannot be read. */
  void refuse(UnreadableMessageException unreadable) {
    String detail = unreadable.getMessage();
    observer.unreadable(unreadable.kind().name(), detail == null ? "" : detail);
  }
}
