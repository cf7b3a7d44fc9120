package io.github.cacheinvalidation.fence;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntConsumer;

/**
 * Lets an invalidation wait for the store of its key that has passed the test of the fence and is
 * not done. A store holds the gate of its key from before the test until it is done. An
 * invalidation raises the slots first and then looks at the gate: a store that enters later sees
 * the slots, and one that entered earlier is seen at the gate (the mutual exclusion of Dekker,
 * 1965, of which one side never waits). Keys share gates, but an invalidation waits only for a
 * store of its key, or of one with the same hash code: a store that finds its gate held has to go
 * another way.
 *
 * <p>A store is known by a number, its pass: the hash of its key, how many entered this gate before
 * it, and whether it is disregarded. Only who has entered leaves, so leaving is a plain write.
 *
 * <p>Safe for use by any thread. Waiting ends, and an interrupt neither ends it nor is lost.
 */
public final class Gates {

  /** What those get who have not entered, or have nobody to wait for. */
  public static final long NONE = 0;

  private static final int LENGTH = 1 << 6;

  private static final int MIX = 0x9e3779b9;

  private static final int SHIFT = Integer.SIZE - 6;

  private static final long HELD = 1;

  private static final long DISREGARDED = 2;

  private static final int ONE_MORE = 4;

  private static final long COUNT = 0xffff_fffcL;

  private final AtomicLongArray passes = new AtomicLongArray(LENGTH);

  private final int rounds;

  private final IntConsumer pause;

  /**
   * Creates gates that nobody holds.
   *
   * @param rounds how often somebody who waits looks at a gate before he gives up
   * @param pause waits between two looks; gets the number of looks so far
   */
  public Gates(int rounds, IntConsumer pause) {
    this.rounds = rounds;
    this.pause = pause;
  }

  /**
   * Enters the gate of a key, and does not wait.
   *
   * @param key the key, which is hashed once
   * @return the pass to leave with; {@link #NONE} if another store holds the gate
   */
  public long tryEnter(Object key) {
    return tryEnter(key.hashCode());
  }

  private long tryEnter(int hash) {
    int gate = gate(hash);
    long present = passes.get(gate);
    if (isHeld(present)) {
      return NONE;
    }
    long pass = (long) hash << Integer.SIZE | (present + ONE_MORE & COUNT) | HELD;
    return passes.compareAndSet(gate, present, pass) ? pass : NONE;
  }

  /**
   * Enters the gate of a key, after other stores if need be, but waits for them only for a while.
   *
   * @param key the key, which is hashed once
   * @return the pass to leave with; {@link #NONE} if others held the gate all the time, or one that
   *     is disregarded holds it
   */
  public long enter(Object key) {
    int hash = key.hashCode();
    int gate = gate(hash);
    long pass = tryEnter(hash);
    boolean interrupted = false;
    for (int round = 0; pass == NONE && round < rounds; round++) {
      if (isDisregarded(passes.get(gate))) {
        break;
      }
      pause.accept(round);
      interrupted |= Thread.interrupted();
      pass = tryEnter(hash);
    }
    restore(interrupted);
    return pass;
  }

  /**
   * Leaves a gate.
   *
   * @param pass what entering gave
   */
  public void leave(long pass) {
    passes.setRelease(gate(hash(pass)), pass & COUNT);
  }

  /**
   * Waits, for a while, until the store of a key that holds the gate has left. One that is
   * disregarded is not waited for.
   *
   * @param key the key
   * @return {@link #NONE} if it has, or if there is none; otherwise the pass of the store
   */
  public long awaitStore(Object key) {
    int hash = key.hashCode();
    int gate = gate(hash);
    long pass = passes.get(gate);
    if (!isHeld(pass) || isDisregarded(pass) || hash(pass) != hash) {
      return NONE;
    }
    boolean interrupted = false;
    boolean left = false;
    for (int round = 0; !left && round < rounds; round++) {
      pause.accept(round);
      interrupted |= Thread.interrupted();
      left = passes.get(gate) != pass;
    }
    restore(interrupted);
    return left ? NONE : pass;
  }

  /**
   * Says that a store can do no harm any more, so that nobody waits for it. It keeps its gate until
   * it leaves.
   *
   * @param pass the pass of the store; of one that has left, this changes nothing
   */
  public void disregard(long pass) {
    passes.compareAndSet(gate(hash(pass)), pass, pass | DISREGARDED);
  }

  private static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isHeld(long pass) {
    return (pass & HELD) != 0;
  }

  private static boolean isDisregarded(long pass) {
    return (pass & DISREGARDED) != 0;
  }

  private static int hash(long pass) {
    return (int) (pass >>> Integer.SIZE);
  }

  /** Spreads the hash by the multiplication of Fibonacci hashing (Knuth, 6.4). */
  private static int gate(int hash) {
    return ((hash ^ (hash >>> 16)) * MIX) >>> SHIFT;
  }
}
