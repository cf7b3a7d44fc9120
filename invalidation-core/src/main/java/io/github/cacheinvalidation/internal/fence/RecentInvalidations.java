package io.github.cacheinvalidation.internal.fence;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Remembers when which keys of a cache were invalidated, in bounded memory. The keys are spread
 * over buckets of {@value #WIDTH} slots, as in a set-associative cache. A slot holds a time and a
 * tag that tells the keys of a bucket apart; a key that has no slot yet takes the one with the
 * oldest time. So whatever was forgotten is not newer than the oldest slot of its bucket, and a key
 * without a slot counts as invalidated since a stamp if all slots of its bucket are newer. An
 * invalidation is never missed; that a load is refused for nothing is rare.
 *
 * <p>The time in a slot only grows. Therefore the slot with the oldest time is still not newer than
 * the others when it is taken, and a bucket has forgotten nothing that is newer than a stamp as
 * long as one of its slots is not.
 *
 * <p><b>Memory.</b> Without an invalidation there is no table. The first one makes a table of
 * {@value #SMALLEST} buckets. When as many slots were taken as the table has buckets, a table of
 * four times its size follows it, up to 128 KiB. Earlier tables stay, so all of them take 170 KiB
 * at most, and a cache pays some 100 to 350 bytes for each key that was invalidated.
 *
 * <p><b>Growing.</b> One thread at a time freezes each slot of the table and then publishes an
 * empty larger one that refers to it. A thread that finds a frozen slot when it raises waits for
 * the larger table and begins again there. A question never waits: it looks into the table, and
 * into the one before if its stamp is older than the newest time in there.
 *
 * <p>With 10,000 invalidations a second and loads of 50 ms less than 0.01 % of the loads are
 * refused for nothing; with 100,000 it is less than 1 %. Safe for use by any thread.
 */
public final class RecentInvalidations {

  private static final int WIDTH = 8;

  private static final int SMALLEST = 8;

  private static final int LARGEST = 1 << 11;

  private static final int GROWTH = 4;

  private static final int TAG_BITS = 16;

  private static final int TAG_MASK = (1 << TAG_BITS) - 1;

  private static final long FROZEN = Long.MIN_VALUE;

  private final int smallest;

  private final int largest;

  private volatile @Nullable Table table;

  /** Creates slots for a cache; they take memory when the first key is invalidated. */
  public RecentInvalidations() {
    this(SMALLEST, LARGEST);
  }

  /**
   * Creates slots of other sizes.
   *
   * @param smallest the number of buckets of the first table, a power of two
   * @param largest the number of buckets from which the table does not grow, a power of two
   */
  RecentInvalidations(int smallest, int largest) {
    this.smallest = smallest;
    this.largest = largest;
  }

  /**
   * Notes that a key was invalidated.
   *
   * @param key the key
   * @param time the time of the clock at which it was, less than 2^47
   */
  public void record(Object key, long time) {
    int hash = spread(key);
    Table present = table;
    while (present == null || !present.record(hash, time)) {
      present = replace(present);
    }
    if (present.isCrowded()) {
      replace(present);
    }
  }

  /**
   * Tells whether a key may have been invalidated after a stamp was taken.
   *
   * @param key the key
   * @param stamp the stamp
   * @return {@code false} only if it was not
   */
  public boolean raisedSince(Object key, long stamp) {
    Table present = table;
    return present != null && present.raisedSince(spread(key), stamp);
  }

  /** The memory that the slots take, without object headers. */
  long bytes() {
    long bytes = 0;
    for (Table each = table; each != null; each = each.before) {
      bytes += (long) each.slots.length() * Long.BYTES;
    }
    return bytes;
  }

  /** Puts a larger table in place of one, unless another thread has; returns the present one. */
  private synchronized Table replace(@Nullable Table old) {
    Table present = table;
    if (present == null) {
      present = new Table(smallest, smallest < largest, null, 0);
      table = present;
    } else if (present == old) {
      present = present.followed(largest);
      table = present;
    }
    return present;
  }

  /** The finalizer of MurmurHash3 (Appleby, public domain). */
  private static int spread(Object key) {
    int hash = key.hashCode();
    hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
    return hash ^ (hash >>> 16);
  }

  private static long time(long slot) {
    return (slot & ~FROZEN) >>> TAG_BITS;
  }

  private static int tag(long slot) {
    return (int) slot & TAG_MASK;
  }

  private static int tag(int hash) {
    return hash & TAG_MASK;
  }

  /** A table of one size. */
  private static final class Table {

    private final AtomicLongArray slots;

    private final int bucketMask;

    private final boolean growing;

    private final @Nullable Table before;

    /** The newest time in the tables before. */
    private final long newestBefore;

    /** How often a key took an empty slot or the slot of another key; counted while growing. */
    private final AtomicInteger taken = new AtomicInteger();

    Table(int buckets, boolean growing, @Nullable Table before, long newestBefore) {
      this.slots = new AtomicLongArray(buckets * WIDTH);
      this.bucketMask = buckets - 1;
      this.growing = growing;
      this.before = before;
      this.newestBefore = newestBefore;
    }

    boolean isCrowded() {
      return growing && taken.get() > bucketMask;
    }

    /** Returns false if the table is being replaced; then nothing was noted. */
    boolean record(int hash, long time) {
      int begin = begin(hash);
      int tag = tag(hash);
      while (true) {
        int oldest = begin;
        long present = Long.MAX_VALUE;
        for (int slot = begin; slot < begin + WIDTH; slot++) {
          long candidate = slots.get(slot);
          if (candidate < 0) {
            return false;
          }
          if (tag(candidate) == tag) {
            oldest = slot;
            present = candidate;
            break;
          }
          if (time(candidate) < time(present)) {
            oldest = slot;
            present = candidate;
          }
        }
        if (time(present) >= time) {
          return true;
        }
        if (slots.compareAndSet(oldest, present, time << TAG_BITS | tag)) {
          if (growing && (present == 0 || tag(present) != tag)) {
            taken.incrementAndGet();
          }
          return true;
        }
        Thread.onSpinWait(); // another thread took the slot, or froze it
      }
    }

    boolean raisedSince(int hash, long stamp) {
      int begin = begin(hash);
      int notNewer = -1;
      for (int slot = begin; slot < begin + WIDTH; slot++) {
        long present = slots.get(slot);
        if (time(present) <= stamp) {
          notNewer = slot;
        } else if (tag(present) == tag(hash)) {
          return true;
        }
      }
      // asked once more, since the bucket may have forgotten the key while it was searched
      return notNewer < 0
          || time(slots.get(notNewer)) > stamp
          || (before != null && newestBefore > stamp && before.raisedSince(hash, stamp));
    }

    /** Freezes this table and returns the larger one that follows it. */
    Table followed(int largest) {
      long newest = newestBefore;
      for (int slot = 0; slot < slots.length(); slot++) {
        newest = Math.max(newest, time(slots.getAndUpdate(slot, present -> present | FROZEN)));
      }
      int buckets = Math.min(GROWTH * (bucketMask + 1), largest);
      return new Table(buckets, buckets < largest, this, newest);
    }

    private int begin(int hash) {
      return (hash >>> TAG_BITS & bucketMask) * WIDTH;
    }
  }
}
