package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.message.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The current reading of the log, if one is under way, and the position where the next one begins:
 * the last covered position. After a suspicion, readings begin at the last position that was
 * covered before the suspicion, until the rest of the log was read (catching up). A log that lacks
 * this position is read from its beginning: the clock of another server can be behind, so that new
 * entries have lower ids. Not thread-safe; see {@link ReceiverLoop}.
 */
final class LogReading {

  /** Below every entry. No server assigns this id. */
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

  /** Returns where the last reading began. */
  @Nullable Position from() {
    return from;
  }

  /** Begins a reading at a position and returns the number of the reading. */
  long begin(Position position) {
    underWay = true;
    from = position;
    return ++number;
  }

  /** Ends the reading with this number. Returns false if that reading was abandoned. */
  boolean end(long answered) {
    underWay &= answered != number;
    return answered == number;
  }

  /**
   * Abandons the reading under way. Its answer is ignored.
   *
   * @param catchUp whether to catch up with the log from where the next reading would have begun
   * @param head the last covered position; null to catch up from the beginning of the log
   */
  void abandon(boolean catchUp, @Nullable Position head) {
    Position next = next(head);
    underWay = false;
    number++;
    catchingUpFrom = catchUp ? (next == null ? BEGINNING : next) : null;
  }

  /** Returns where the next reading begins, given the last covered position. */
  @Nullable Position next(@Nullable Position head) {
    return catchingUpFrom == null ? head : catchingUpFrom;
  }

  boolean isCatchingUp() {
    return catchingUpFrom != null;
  }

  /**
   * A page was applied while catching up. If the log lacks the position where that reading began,
   * the next one begins at the beginning of the log. Otherwise it begins with the last entry of the
   * page, or catching up ends if the page was the last one.
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
