package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.internal.message.Message;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.message.Position;
import io.github.cacheinvalidation.internal.message.UnreadableMessageException;
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

  private final Announcements announcements = new Announcements();

  Applier(MessageReader reader, String ownOrigin, Replica replica, InvalidationObserver observer) {
    this.reader = reader;
    this.ownOrigin = ownOrigin;
    this.replica = replica;
    this.observer = observer;
  }

  /**
   * Returns the message; null if it cannot be read, which the observer was told. Then it counts as
   * missing, and the chain answers that.
   */
  @Nullable Message read(Delivery delivery) {
    try {
      return reader.readOthers(delivery, ownOrigin);
    } catch (UnreadableMessageException unreadable) {
      refuse(unreadable);
    } catch (RuntimeException | Error failure) {
      observer.unreadable(NOT_APPLIED, "a reader of the application threw " + failure.getClass());
    }
    return null;
  }

  /** Likewise for an entry of the log, which stands where the log says, whatever its body says. */
  @Nullable Message read(LogEntry entry) {
    return read(Delivery.ofBody(entry.body(), false));
  }

  /**
   * Applies a message, unless it was applied when it was announced. Returns false if a key of the
   * application threw, which the observer was told. Then the message counts as missing too.
   *
   * @param position its place in the chain; null if it has none
   */
  boolean apply(Message message, @Nullable Position position) {
    if (position != null && announcements.take(position, message)) {
      return true;
    }
    try {
      if (!ownOrigin.equals(message.origin()) && !message.invalidations().isEmpty()) {
        replica.apply(message.invalidations());
        announcements.note(message);
      }
      return true;
    } catch (RuntimeException | Error failure) {
      observer.unreadable(NOT_APPLIED, "a key of the application threw " + failure.getClass());
      return false;
    }
  }

  /** Tells the observer of a message that cannot be read. */
  void refuse(UnreadableMessageException unreadable) {
    String detail = unreadable.getMessage();
    observer.unreadable(unreadable.kind().name(), detail == null ? "" : detail);
  }
}
