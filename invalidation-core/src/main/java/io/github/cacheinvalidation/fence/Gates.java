package io.github.cacheinvalidation.fence;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;

/**
 * Lets an invalidation wait for the stores that have passed the test of the fence and are not done.
 * A store holds the gate of its key from before the test until it is done. An invalidation raises
 * the slots first and then looks at the gate: a store that enters later sees the slots, and one
 * that entered earlier is seen at the gate (the mutual exclusion of Dekker, 1965, of which one side
 * never waits). Keys share gates.
 *
 * <p>A gate counts up when a store enters and again when it leaves, so it is held while its number
 * is odd, and stores that come later keep nobody waiting. Safe for use by any thread.
 */
public final class Gates {

  /** What a store gets that cannot enter. */
  public static final int HELD = 0;

  private static final int LENGTH = 1 << 10;

  private static final int MIX = 0x9e3779b9;

  private static final int SHIFT = Integer.SIZE - 10;

  private final AtomicIntegerArray numbers = new AtomicIntegerArray(LENGTH);

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
   * Enters the gate of a key, after other stores if need be, but waits for them only for a while.
   *
   * @param key the key
   * @return what {@link #leave} is to be called with; {@link #HELD} if others held it all the time
   */
  public int enter(Object key) {
    int gate = gate(key);
    int entered = tryEnter(gate);
    for (int round = 0; entered == HELD && round < rounds; round++) {
      pause.accept(round);
      entered = tryEnter(gate);
    }
    return entered;
  }

  private int tryEnter(int gate) {
    int number = numbers.get(gate);
    return (number & 1) == 0 && numbers.compareAndSet(gate, number, number + 1) ? number + 1 : HELD;
  }

  /**
   * Leaves the gate of a key.
   *
   * @param key the key
   * @param entered what {@link #enter} has returned
   */
  public void leave(Object key, int entered) {
    numbers.setRelease(gate(key), entered + 1);
  }

  /**
   * Waits, for a while, until the store that holds the gate of a key has left.
   *
   * @param key the key
   * @return whether it has; {@code true} at once if there is none
   */
  public boolean awaitStore(Object key) {
    int gate = gate(key);
    int number = numbers.get(gate);
    if ((number & 1) == 0) {
      return true;
    }
    for (int round = 0; round < rounds; round++) {
      pause.accept(round);
      if (numbers.get(gate) != number) {
        return true;
      }
    }
    return false;
  }

  /** Spreads the hash by the multiplication of Fibonacci hashing (Knuth, 6.4). */
  private static int gate(Object key) {
    int hash = key.hashCode();
    return ((hash ^ (hash >>> 16)) * MIX) >>> SHIFT;
  }
}
