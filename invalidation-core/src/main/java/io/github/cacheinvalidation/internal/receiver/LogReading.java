package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.message.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reading of the log that is under way, if there is one, and where the next begins: with the
 * last covered position or, after a suspicion, with the one that was covered last before it, until
 * the rest of the log is caught up with. A log that lacks the position to catch up from is read
 * from its beginning: its clock can be behind, so that new entries have lower ids. Confined to the
 * receiver's thread.
 */
final class LogReading {

  /** Below every entry: no server gives this id. */
  private static final Position BEGINNING = new Position("0-0", "");

  private boolean underWay;

  private long number;

  private @Nullable Position from;

  private @Nullable Position catchingUpFrom;

  boolean isUnderWay() {
    return underWay;
  }

  /** Returns how many readings have begun. */
  long number() {
    return number;
  }

  /** Returns where the last one began. */
  @Nullable Position from() {
    return from;
  }

  /** Returns the number of the reading that begins. */
  long begin(Position position) {
    underWay = true;
    from = position;
    return ++number;
  }

  /** Ends the reading with a number; returns false if that one was abandoned. */
  boolean end(long answered) {
    underWay &= answered != number;
    return answered == number;
  }

  /**
   * Whatever is answered to the one under way, it counts no more.
   *
   * @param position where to begin to catch up with the log; null if that is not needed
   */
  void abandon(@Nullable Position position) {
    underWay = false;
    number++;
    catchingUpFrom = position;
  }

  /** Returns where the next one begins. */
  @Nullable Position next(@Nullable Position head) {
    return catchingUpFrom == null ? head : catchingUpFrom;
  }

  boolean isCatchingUp() {
    return catchingUpFrom != null;
  }

  /**
   * A page was caught up with. The next begins with its last entry, if there is more, or at the
   * beginning of a log that lacks the position from which this one was read.
   */
  void caughtUpWith(LogPage page) {
    List<LogEntry> entries = page.entries();
    boolean more = !page.complete() && !entries.isEmpty();
    if (!BEGINNING.equals(from) && (entries.isEmpty() || !entries.get(0).position().equals(from))) {
      catchingUpFrom = BEGINNING;
    } else {
      catchingUpFrom = more ? entries.get(entries.size() - 1).position() : null;
    }
  }
}
