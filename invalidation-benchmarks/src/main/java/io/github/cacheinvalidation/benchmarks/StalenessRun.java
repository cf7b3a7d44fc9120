package io.github.cacheinvalidation.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Readers on every node, and writers that change the source and notify the nodes, for a given time.
 * Each thread has operations due at fixed times. A late writer catches up; a late reader skips
 * reads.
 */
final class StalenessRun {

  static final int NODES = 8;

  static final int KEYS = 2_000;

  private static final int HOT_KEYS = 200;

  private static final double HOT_SHARE = 0.8;

  private static final int WRITERS = 4;

  private static final long WRITE_NANOS = WRITERS * 2_000_000L;

  private static final long READ_NANOS = 1_000_000;

  private static final int READS = 5;

  private static final long LOAD_NANOS = 300_000;

  private static final long SETTLING_NANOS = 2_000_000_000L;

  private static final int WINDOWS = 5;

  private final Replicas replicas;
  private final Freshness source;
  private final int firstWriter;
  private final AtomicInteger failures = new AtomicInteger();
  private final LongAdder writes = new LongAdder();

  /**
   * Creates a run.
   *
   * @param firstWriter the index of the first node that writes; the nodes before it only read
   */
  StalenessRun(Replicas replicas, Freshness source, int firstWriter) {
    this.replicas = replicas;
    this.source = source;
    this.firstWriter = firstWriter;
  }

  /** Runs until the code is compiled. These reads are not judged. */
  void warmUp(double seconds) {
    run(seconds, () -> {});
  }

  /**
   * Measures the reads.
   *
   * @param disturb called once, while all threads work
   */
  StaleReads measure(double seconds, Runnable disturb) {
    List<StaleReads.Reader> readers = run(seconds, disturb);
    LockSupport.parkNanos(SETTLING_NANOS);
    int left = left();
    double wanted = seconds * WRITERS * 1e9 / WRITE_NANOS;
    if (writes.sum() < wanted / 2) {
      throw new VoidRunException(
          "only %d of %.0f writes were done".formatted(writes.sum(), wanted));
    }
    return StaleReads.of(readers, left, failures.get());
  }

  private List<StaleReads.Reader> run(double seconds, Runnable disturb) {
    source.slowLoads(LOAD_NANOS);
    failures.set(0);
    writes.reset();
    long begin = System.nanoTime();
    long nanos = (long) (seconds * 1e9);
    List<StaleReads.Reader> readers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int node = 0; node < NODES; node++) {
      int reading = node;
      StaleReads.Reader reader = new StaleReads.Reader(WINDOWS);
      readers.add(reader);
      threads.add(new Thread(() -> read(reading, reader, begin, nanos), "reader-" + node));
    }
    for (int writer = 0; writer < WRITERS; writer++) {
      int writing = writer;
      threads.add(new Thread(() -> write(writing, begin, nanos), "writer-" + writer));
    }
    threads.forEach(Thread::start);
    disturb.run();
    threads.forEach(StalenessRun::join);
    return readers;
  }

  private static void join(Thread thread) {
    try {
      thread.join(TimeUnit.MINUTES.toMillis(1));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new VoidRunException("interrupted");
    }
    if (thread.isAlive()) {
      throw new VoidRunException(thread.getName() + " does not end");
    }
  }

  private void read(int node, StaleReads.Reader reader, long begin, long nanos) {
    SplittableRandom random = new SplittableRandom(node);
    long due = begin;
    long now = System.nanoTime();
    while (now - begin < nanos) {
      int window = (int) ((now - begin) * WINDOWS / nanos);
      for (int i = 0; i < READS; i++) {
        readOnce(node, key(random), window, reader);
      }
      due = Math.max(due + READ_NANOS, now);
      await(due);
      now = System.nanoTime();
    }
  }

  private void readOnce(int node, int key, int window, StaleReads.Reader reader) {
    long expected = source.expected(key);
    long begin = System.nanoTime();
    long value;
    try {
      value = replicas.read(node, key);
    } catch (RuntimeException notAnswered) {
      failures.incrementAndGet();
      return;
    }
    reader.add(window, source.ageNanos(key, expected, value, begin));
  }

  private void write(int writer, long begin, long nanos) {
    SplittableRandom random = new SplittableRandom(100 + writer);
    for (long due = begin; due - begin < nanos; due += WRITE_NANOS) {
      await(due);
      int key = key(random) / WRITERS * WRITERS + writer; // a key has one writer
      int node = firstWriter + random.nextInt(NODES - firstWriter);
      long version = source.change(key);
      replicas.written(node, key);
      source.returned(key, version, System.nanoTime());
      writes.increment();
    }
  }

  private static int key(SplittableRandom random) {
    return random.nextDouble() < HOT_SHARE
        ? random.nextInt(HOT_KEYS)
        : HOT_KEYS + random.nextInt(KEYS - HOT_KEYS);
  }

  private static void await(long due) {
    long early = due - System.nanoTime();
    while (early > 0) {
      LockSupport.parkNanos(early);
      early = due - System.nanoTime();
    }
  }

  /** Returns for how many keys a node still has an older version than the source. */
  private int left() {
    source.slowLoads(0);
    int left = 0;
    for (int node = 0; node < NODES; node++) {
      for (int key = 0; key < KEYS; key++) {
        if (replicas.read(node, key) < source.expected(key)) {
          left++;
        }
      }
    }
    return left;
  }
}
