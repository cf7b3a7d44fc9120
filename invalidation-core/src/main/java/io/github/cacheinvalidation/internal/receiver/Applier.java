package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.internal.message.Message;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.message.Position;
import io.github.cacheinvalidation.internal.message.UnreadableMessageException;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages and applies them to the caches of the node. It does not apply the node's own
 * messages, because the node applied each of them when it was written.
 */
final class Applier {

  private static final String NOT_APPLIED = "NOT_APPLIED";

  private final MessageReader reader;

  private final String ownOrigin;

  private final LocalCaches localCaches;

  private final InvalidationObserver observer;

  private final MessageEventListener listener;

  private final Announcements announcements = new Announcements();

  private final ServerClock clock = new ServerClock();

  Applier(
      MessageReader reader,
      String ownOrigin,
      LocalCaches localCaches,
      InvalidationObserver observer) {
    this.reader = reader;
    this.ownOrigin = ownOrigin;
    this.localCaches = localCaches;
    this.observer = observer;
    this.listener = localCaches.listener();
  }

  /**
   * Takes the server's time from the answer of a check, and passes on how many connections listen
   * to the channel, if the check has counted them, and whether there can be two masters.
   */
  void checked(Event.Checked checked, long now) {
    Tip tip = checked.tip();
    if (tip == null) {
      return; // a further channel without a log
    }
    clock.checked(checked.check().sentNanos(), tip, now);
    if (tip.listeners() > 0) {
      listener.counted(tip.listeners());
    }
    if (tip.twoMastersPossible()) {
      listener.twoMastersPossible();
    }
  }

  /** Reads a message that the subscription delivered; see {@link #read(Delivery)}. */
  @Nullable Message receive(Delivery delivery, long now) {
    Message message = read(delivery);
    if (message != null) {
      Position position = message.position();
      listener.delivered(
          position == null ? MessageEventListener.UNKNOWN : clock.age(position, now));
    }
    return message;
  }

  /**
   * Returns the message, or null if it cannot be read. Then the observer was notified, and the
   * message counts as missing, so the chain shows a gap.
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

  /** Does the same for a log entry. The entry gives the position, whatever its body says. */
  @Nullable Message read(LogEntry entry) {
    return read(Delivery.ofBody(entry.body(), false));
  }

  /**
   * Applies a message, unless it was applied when it was announced. Returns false if a key of the
   * application threw. Then the observer was notified, and the message counts as missing.
   *
   * @param position the position of the message; null if it has none
   */
  boolean apply(Message message, @Nullable Position position) {
    if (position != null && announcements.take(position, message)) {
      return true;
    }
    try {
      if (!ownOrigin.equals(message.origin()) && !message.invalidations().isEmpty()) {
        listener.applied(message.origin());
        localCaches.apply(message);
        announcements.note(message);
      }
      return true;
    } catch (RuntimeException | Error failure) {
      observer.unreadable(NOT_APPLIED, "a key of the application threw " + failure.getClass());
      return false;
    }
  }

  /** Notifies the observer of a message that cannot be read. */
  void refuse(UnreadableMessageException unreadable) {
    String detail = unreadable.getMessage();
    observer.unreadable(unreadable.kind().name(), detail == null ? "" : detail);
  }
}
