package io.github.cacheinvalidation.benchmarks;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * The source that all nodes load from, and the judge of what they answer. Each value is a version,
 * 0 at first. A read is stale if its value is older than a write whose call had returned before the
 * read began. Its age is how long before the read the first such call had returned. One thread at a
 * time writes a key.
 */
final class Freshness {

  /** The answer of {@link #ageNanos} for a read that is not stale. */
  static final long FRESH = -1;

  private static final int MOST_VERSIONS = 1024;

  private final AtomicLongArray versions;
  private final AtomicLongArray returned;

  /** Visible to whoever has read {@link #returned}, which is written later. */
  private final long[][] returnedNanos;

  private volatile long loadNanos;

  Freshness(int keys) {
    versions = new AtomicLongArray(keys);
    returned = new AtomicLongArray(keys);
    returnedNanos = new long[keys][MOST_VERSIONS];
  }

  /** From now on a load takes so long after it has read. */
  void slowLoads(long nanos) {
    loadNanos = nanos;
  }

  /** Reads the source, and returns what was read a while later. */
  long load(int key) {
    long version = versions.get(key);
    long nanos = loadNanos;
    if (nanos > 0) {
      LockSupport.parkNanos(nanos);
    }
    return version;
  }

  /** Changes the source; returns the new version. */
  long change(int key) {
    return versions.incrementAndGet(key);
  }

  /** The call that tells the nodes of a version has returned. */
  void returned(int key, long version, long nowNanos) {
    if (version >= MOST_VERSIONS) {
      throw new VoidRunException("a key was written more than " + MOST_VERSIONS + " times");
    }
    returnedNanos[key][(int) version] = nowNanos;
    returned.set(key, version);
  }

  /** The version that a read which begins now has to answer at least. */
  long expected(int key) {
    return returned.get(key);
  }

  /** The age of a stale read, or {@link #FRESH}. */
  long ageNanos(int key, long expected, long value, long begunNanos) {
    return value >= expected
        ? FRESH
        : Math.max(0, begunNanos - returnedNanos[key][(int) value + 1]);
  }
}
