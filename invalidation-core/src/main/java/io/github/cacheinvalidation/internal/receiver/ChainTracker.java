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
 * The last positions that the node has covered: it has applied their messages and every message
 * before them. Also keeps a bounded number of applied messages whose predecessor is missing; each
 * is covered as soon as its predecessor is. Not thread-safe; see {@link ReceiverLoop}.
 */
final class ChainTracker {

  /** Stands for "no predecessor". No message can name it, because an entry id is never empty. */
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
   * Returns whether the positions of a message are short enough to keep. No server assigns longer
   * positions, and many of them would use up the memory.
   */
  static boolean mayKeep(Position position, @Nullable Position predecessor) {
    return isShort(position) && (predecessor == null || isShort(predecessor));
  }

  private static boolean isShort(Position position) {
    return position.entryId().length() + position.nonce().length() <= MAX_POSITION_LENGTH;
  }

  /** Forgets the covered positions. Messages that wait for their predecessor are kept. */
  void clear() {
    Arrays.fill(positions, null);
    covered.clear();
    next = 0;
  }

  boolean covers(Position position) {
    return covered.contains(position);
  }

  /** Returns the last covered position, where the next reading begins; null before the first. */
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
   * Keeps an applied message whose predecessor is not covered yet. If there are too many, the first
   * ones are kept, because a reading of the log reaches those first.
   *
   * @param predecessor null for the first message of a log
   * @param readingsBefore how many readings of the log had begun when the message arrived
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
   * Returns whether the entries that were read from a position show that the log was created again
   * or has lost its newest entries. Then a loss is possible but not certain.
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

  /** Returns whether a message with this position arrived as the first message of a log. */
  private boolean awaitsAsFirst(Position position) {
    Waiting first = waitingByPredecessor.get(NO_PREDECESSOR);
    return first != null && first.position.equals(position);
  }

  /** Removes and returns the message that waits for this predecessor; null if there is none. */
  @Nullable Position takeSuccessor(Position predecessor) {
    Waiting successor = waitingByPredecessor.remove(predecessor);
    return successor == null ? null : successor.position;
  }

  /** Forgets messages that arrived before a reading and were not in the log that it read. */
  void forgetAwaitedBefore(long reading) {
    waitingByPredecessor.values().removeIf(waiting -> waiting.readingsBefore < reading);
  }

  private record Waiting(Position position, long readingsBefore) {}
}
