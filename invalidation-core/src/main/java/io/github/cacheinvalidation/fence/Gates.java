package io.github.cacheinvalidation.fence;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets an invalidation wait for the store of its key that has passed the test of the fence and is
 * not done. A store holds the gate of its key from before the test until it is done. An
 * invalidation raises the slots first and then looks at the gate: a store that enters later sees
 * the slots, and one that entered earlier is seen at the gate (the mutual exclusion of Dekker,
 * 1965, of which one side never waits). Keys share gates, but nobody waits for the store of another
 * key: a store that finds its gate held has to go another way.
 *
 * <p>Safe for use by any thread. Waiting ends, and an interrupt neither ends it nor is lost.
 */
public final class Gates {

  /** A store at its gate. */
  public static final class Store {

    private final int hash;

    private Store(int hash) {
      this.hash = hash;
    }
  }

  private static final int LENGTH = 1 << 10;

  private static final int MIX = 0x9e3779b9;

  private static final int SHIFT = Integer.SIZE - 10;

  private final AtomicReferenceArray<@Nullable Store> stores = new AtomicReferenceArray<>(LENGTH);

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
   * @return what to leave with; null if another store holds the gate
   */
  public @Nullable Store tryEnter(Object key) {
    return tryEnter(key.hashCode());
  }

  private @Nullable Store tryEnter(int hash) {
    if (stores.get(gate(hash)) != null) {
      return null;
    }
    Store store = new Store(hash);
    return stores.compareAndSet(gate(hash), null, store) ? store : null;
  }

  /**
   * Enters the gate of a key, after other stores if need be, but waits for them only for a while.
   *
   * @param key the key
   * @return what to leave with; null if others held the gate all the time
   */
  public @Nullable Store enter(Object key) {
    int hash = key.hashCode();
    AtomicReference<@Nullable Store> entered = new AtomicReference<>(tryEnter(hash));
    if (entered.get() == null) {
      await(
          () -> {
            entered.set(tryEnter(hash));
            return entered.get() != null;
          });
    }
    return entered.get();
  }

  /**
   * Leaves a gate. Whoever has made a store harmless may leave in its place; the second to do so
   * changes nothing.
   *
   * @param store what entered
   */
  public void leave(Store store) {
    stores.compareAndSet(gate(store.hash), store, null);
  }

  /**
   * Waits, for a while, until the store of a key that holds the gate has left.
   *
   * @param key the key
   * @return null if it has, or if there is none; otherwise the store
   */
  public @Nullable Store awaitStore(Object key) {
    int hash = key.hashCode();
    int gate = gate(hash);
    Store store = stores.get(gate);
    if (store == null || store.hash != hash || await(() -> stores.get(gate) != store)) {
      return null;
    }
    return store;
  }

  private boolean await(BooleanSupplier condition) {
    boolean interrupted = false;
    boolean met = false;
    for (int round = 0; !met && round < rounds; round++) {
      pause.accept(round);
      interrupted |= Thread.interrupted();
      met = condition.getAsBoolean();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return met;
  }

  /** Spreads the hash by the multiplication of Fibonacci hashing (Knuth, 6.4). */
  private static int gate(int hash) {
    return ((hash ^ (hash >>> 16)) * MIX) >>> SHIFT;
  }
}
