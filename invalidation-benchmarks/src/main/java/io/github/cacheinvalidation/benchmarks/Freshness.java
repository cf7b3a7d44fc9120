package io.github.cacheinvalidation.benchmarks;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * The source that all nodes load from; also decides which reads are stale. Each value is a version,
 * 0 at first. A read is stale if its value is older than a write whose call had returned before the
 * read began. The age of a stale read is the time from the first such return to the start of the
 * read. Only one thread at a time may write a key.
 */
final class Freshness {

  /** The result of {@link #ageNanos} for a read that is not stale. */
  static final long FRESH = -1;

  private static final int MOST_VERSIONS = 1024;

  private final AtomicLongArray versions;
  private final AtomicLongArray returned;

  /** Visible to a thread that has read {@link #returned}, which is written later. */
  private final long[][] returnedNanos;

  private volatile long loadNanos;

  Freshness(int keys) {
    versions = new AtomicLongArray(keys);
    returned = new AtomicLongArray(keys);
    returnedNanos = new long[keys][MOST_VERSIONS];
  }

  /** Sets how long each load waits after it has read the source. */
  void slowLoads(long nanos) {
    loadNanos = nanos;
  }

  /** Reads the source, waits, and returns the value read. */
  long load(int key) {
    long version = versions.get(key);
    long nanos = loadNanos;
    if (nanos > 0) {
      LockSupport.parkNanos(nanos);
    }
    return version;
  }

  /** Changes the source and returns the new version. */
  long change(int key) {
    return versions.incrementAndGet(key);
  }

  /** Records that the call that notifies the nodes of a version has returned. */
  void returned(int key, long version, long nowNanos) {
    if (version >= MOST_VERSIONS) {
      throw new VoidRunException("a key was written more than " + MOST_VERSIONS + " times");
    }
    returnedNanos[key][(int) version] = nowNanos;
    returned.set(key, version);
  }

  /** Returns the oldest version that a read which begins now may return without being stale. */
  long expected(int key) {
    return returned.get(key);
  }

  /** Returns the age of a stale read, or {@link #FRESH}. */
  long ageNanos(int key, long expected, long value, long begunNanos) {
    return value >= expected
        ? FRESH
        : Math.max(0, begunNanos - returnedNanos[key][(int) value + 1]);
  }
}
