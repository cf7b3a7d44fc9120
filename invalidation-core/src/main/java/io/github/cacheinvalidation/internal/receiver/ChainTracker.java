package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.message.Position;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The last positions that a node has covered: it has applied each of them and every message before
 * it. Also remembers, in bounded number, messages that were applied although a predecessor is still
 * missing, so that they are covered as soon as it comes. Confined to the receiver's thread.
 */
final class ChainTracker {

  /** No message can name it, since the id of an entry is never empty. */
  private static final Position NO_PREDECESSOR = new Position("", "");

  private static final byte[] FIRST_ENTRY = {'{', '}'};

  private static final int MAX_POSITION_LENGTH = 256;

  private final @Nullable Position[] positions;

  private final Set<Position> covered;

  private final Map<Position, Waiting> waitingByPredecessor = new HashMap<>();

  private int next;

  private @Nullable Position head;

  ChainTracker(int capacity) {
    this.positions = new Position[capacity];
    this.covered = new HashSet<>(capacity * 2);
  }

  /**
   * Whether a position may be kept. No server gives longer ones; many of them would take all
   * memory.
   */
  static boolean mayKeep(Position position) {
    return position.entryId().length() + position.nonce().length() <= MAX_POSITION_LENGTH;
  }

  /** Forgets all that was covered; what waits for its predecessor still does. */
  void clear() {
    Arrays.fill(positions, null);
    covered.clear();
    next = 0;
  }

  boolean covers(Position position) {
    return covered.contains(position);
  }

  /** The position that was covered last, from which the log is read on; null before the first. */
  @Nullable Position head() {
    return head;
  }

  void cover(Position position) {
    Position oldest = positions[next];
    if (oldest != null) {
      covered.remove(oldest);
    }
    positions[next] = position;
    next = (next + 1) % positions.length;
    covered.add(position);
    head = position;
  }

  /**
   * Notes an applied message whose predecessor is not covered yet; of too many the first are kept,
   * since those are where a reading of the log comes to.
   *
   * @param predecessor null for the first message of a log
   * @param readingsBefore how many readings of the log had begun when it arrived
   */
  void await(@Nullable Position predecessor, Position position, long readingsBefore) {
    Position key = predecessor == null ? NO_PREDECESSOR : predecessor;
    if (waitingByPredecessor.size() < positions.length) {
      waitingByPredecessor.put(key, new Waiting(position, readingsBefore));
    }
  }

  boolean isAwaiting() {
    return !waitingByPredecessor.isEmpty();
  }

  /**
   * Whether what was read from a position on shows that the log was made anew or has lost its end,
   * so that a loss is possible but not certain.
   */
  boolean isOfAnotherLog(List<LogEntry> entries, @Nullable Position from) {
    if (from == null || entries.isEmpty()) {
      return true;
    }
    LogEntry first = entries.get(0);
    Position position = first.position();
    return Arrays.equals(first.body(), FIRST_ENTRY)
        || position.entryId().equals(from.entryId())
        || awaitsAsFirst(position);
  }

  /** Whether a message said of this position that it is the first of a log. */
  private boolean awaitsAsFirst(Position position) {
    Waiting first = waitingByPredecessor.get(NO_PREDECESSOR);
    return first != null && first.position.equals(position);
  }

  /** Returns the applied message that only waited for this predecessor, if there is one. */
  @Nullable Position takeSuccessor(Position predecessor) {
    Waiting successor = waitingByPredecessor.remove(predecessor);
    return successor == null ? null : successor.position;
  }

  /** A reading covers what arrived before it; what is left of that has no place in the log. */
  void forgetAwaitedBefore(long reading) {
    waitingByPredecessor.values().removeIf(waiting -> waiting.readingsBefore < reading);
  }

  private record Waiting(Position position, long readingsBefore) {}
}
