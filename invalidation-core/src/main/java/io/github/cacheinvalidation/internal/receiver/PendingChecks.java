package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.internal.message.Position;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The answered checks whose tips are not covered yet, oldest first. If there are too many, the
 * oldest is dropped. Not thread-safe; see {@link ReceiverLoop}.
 */
final class PendingChecks {

  private static final int MAX_CHECKS = 64;

  private final Deque<OpenCheck> checks = new ArrayDeque<>();

  boolean isEmpty() {
    return checks.isEmpty();
  }

  void add(Event.Check check, Position tip, long readingsBefore) {
    if (checks.size() == MAX_CHECKS) {
      checks.removeFirst();
    }
    checks.addLast(new OpenCheck(check, tip, readingsBefore));
  }

  /** Returns the newest check with this tip; null if there is none. */
  Event.@Nullable Check withTip(Position tip) {
    for (Iterator<OpenCheck> each = checks.descendingIterator(); each.hasNext(); ) {
      OpenCheck open = each.next();
      if (open.tip.equals(tip)) {
        return open.check;
      }
    }
    return null;
  }

  void forgetSentUntil(long moment) {
    checks.removeIf(open -> open.check.sentNanos() - moment <= 0);
  }

  /** Forgets checks answered before a reading: the log lacked their tips, so these never arrive. */
  void forgetBefore(long reading) {
    checks.removeIf(open -> open.readingsBefore < reading);
  }

  void clear() {
    checks.clear();
  }

  /** A check, its tip, and how many readings of the log had begun when it was answered. */
  private record OpenCheck(Event.Check check, Position tip, long readingsBefore) {}
}
