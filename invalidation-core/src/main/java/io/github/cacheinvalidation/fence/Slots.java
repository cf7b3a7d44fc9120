package io.github.cacheinvalidation.fence;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Remembers for every key of a cache, in bounded memory, when it was last invalidated. Each key has
 * two slots by two hash functions, and a slot holds the latest time of all keys that share it.
 * Slots only grow, so an invalidation is never forgotten; a key counts as invalidated only if both
 * its slots say so, which makes a collision rare (a Bloom filter with times, after Bloom, 1970). A
 * collision refuses a store that would have been right; the opposite cannot happen.
 *
 * <p>With 2^14 slots, 10,000 invalidations a second and loads of 50 ms, about 1,000 of the slots
 * are newer than a load, and 0.4 % of the loads collide. Safe for use by any thread.
 */
public final class Slots {

  private static final int SMALLEST = 1 << 14;

  private static final int LARGEST = 1 << 17;

  private final AtomicLongArray times;

  private final int mask;

  private Slots(int length) {
    this.times = new AtomicLongArray(length);
    this.mask = length - 1;
  }

  /**
   * Returns slots for a cache of a given size.
   *
   * @param maximumSize how many entries the cache holds at most; 0 if it is not known
   * @return the slots, at least 2^14 and at most 2^17 of them
   */
  public static Slots forSize(long maximumSize) {
    long wanted = Math.max(SMALLEST, Math.min(LARGEST, maximumSize));
    return new Slots(Integer.highestOneBit((int) wanted));
  }

  /**
   * Notes that a key was invalidated.
   *
   * @param key the key
   * @param time the time of the clock at which it was
   */
  public void raise(Object key, long time) {
    int hash = key.hashCode();
    raiseSlot(first(hash), time);
    raiseSlot(second(hash), time);
  }

  /**
   * Tells whether a key may have been invalidated after a stamp was taken.
   *
   * @param key the key
   * @param stamp the stamp
   * @return {@code false} only if it was not
   */
  public boolean raisedSince(Object key, long stamp) {
    int hash = key.hashCode();
    return times.get(first(hash)) > stamp && times.get(second(hash)) > stamp;
  }

  private void raiseSlot(int slot, long time) {
    long present = times.get(slot);
    while (present < time && !times.compareAndSet(slot, present, time)) {
      present = times.get(slot);
    }
  }

  /** Spreads the hash over the slots by the finalizer of MurmurHash3 (Appleby, public domain). */
  private int first(int hash) {
    int spread = hash;
    spread = (spread ^ (spread >>> 16)) * 0x85ebca6b;
    spread = (spread ^ (spread >>> 13)) * 0xc2b2ae35;
    return (spread ^ (spread >>> 16)) & mask;
  }

  /** A second, independent spread: the multiplication of Fibonacci hashing (Knuth, 6.4). */
  private int second(int hash) {
    int spread = (hash ^ 0x2545f491) * 0x9e3779b9;
    return (((spread ^ (spread >>> 15)) * 0x7feb352d) >>> 11) & mask;
  }
}
