package io.github.cacheinvalidation.coherence;

import io.github.cacheinvalidation.channel.LogEntry;
import io.github.cacheinvalidation.wire.Position;
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
final class Ring {

  private static final byte[] FIRST_ENTRY = {'{', '}'};

  private final @Nullable Position[] positions;

  private final Set<Position> covered;

  private final Map<Position, Position> waitingByPredecessor = new HashMap<>();

  private int next;

  private @Nullable Position head;

  Ring(int capacity) {
    this.positions = new Position[capacity];
    this.covered = new HashSet<>(capacity * 2);
  }

  /** Forgets everything and begins with a tip. */
  void restart(Position tip) {
    Arrays.fill(positions, null);
    covered.clear();
    waitingByPredecessor.clear();
    next = 0;
    cover(tip);
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

  /** Notes an applied message whose predecessor is not covered yet. */
  void await(Position predecessor, Position position) {
    if (waitingByPredecessor.size() < positions.length) {
      waitingByPredecessor.put(predecessor, position);
    }
  }

  /** Returns the applied message that only waited for this predecessor, if there is one. */
  @Nullable Position takeSuccessor(Position predecessor) {
    return waitingByPredecessor.isEmpty() ? null : waitingByPredecessor.remove(predecessor);
  }

  /**
   * Whether entries read from the head on show that the log was made anew or has lost its end, so
   * that a loss is possible but not certain.
   */
  boolean isOfAnotherLog(List<LogEntry> entries) {
    if (entries.isEmpty()) {
      return true;
    }
    LogEntry first = entries.get(0);
    boolean madeAnew = Arrays.equals(first.body(), FIRST_ENTRY);
    return madeAnew || head == null || first.position().entryId().equals(head.entryId());
  }

  void forgetWaiting() {
    waitingByPredecessor.clear();
  }
}
