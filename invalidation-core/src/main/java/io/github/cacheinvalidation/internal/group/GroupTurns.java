package io.github.cacheinvalidation.internal.group;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets the logs of a group take turns, so that one thread calls the handler for all of them. A log
 * keeps its turn while it has messages, but for {@link #MOST} messages at most. Then it leaves the
 * group until its next turn, because the end of the last message would be reported late otherwise,
 * and another node could get that message meanwhile. For one thread.
 */
final class GroupTurns {

  static final int MOST = 16;

  private static final class Turn {

    private final GroupLoop loop;

    private long dueNanos;

    private Turn(GroupLoop loop, long now) {
      this.loop = loop;
      this.dueNanos = now;
    }
  }

  /** The log whose last turn was the longest ago comes first. */
  private final List<Turn> turns = new ArrayList<>();

  private final LongSupplier nanoTime;

  private @Nullable Turn current;

  private int taken;

  /**
   * Creates the turns.
   *
   * @param loops one for each log, at least one
   * @param nanoTime a monotonic clock in nanoseconds
   */
  GroupTurns(List<GroupLoop> loops, LongSupplier nanoTime) {
    long now = nanoTime.getAsLong();
    this.nanoTime = nanoTime;
    loops.forEach(loop -> turns.add(new Turn(loop, now)));
  }

  /**
   * Takes one message, if there is one, and calls the handler.
   *
   * @return the pause before the next step
   */
  Duration step() {
    long now = nanoTime.getAsLong();
    Turn turn = current;
    if (turn == null) {
      turn =
          turns.stream().min(Comparator.comparingLong(each -> each.dueNanos - now)).orElseThrow();
      taken = 0;
    }
    if (turn.dueNanos - now > 0) {
      return Duration.ofNanos(turn.dueNanos - now);
    }
    Duration pause = turn.loop.step();
    taken++;
    boolean stays = pause.isZero() && (taken < MOST || turns.size() == 1);
    current = stays ? turn : null;
    turn.dueNanos = nanoTime.getAsLong() + pause.toNanos();
    if (!stays) {
      end(turn, pause);
    }
    return Duration.ZERO;
  }

  private void end(Turn turn, Duration pause) {
    turns.remove(turn);
    turns.add(turn);
    if (pause.isZero()) {
      turn.loop.leave();
    }
  }

  /** Leaves the group on all logs. */
  void leave() {
    turns.forEach(each -> each.loop.leave());
  }
}
