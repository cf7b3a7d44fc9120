package io.github.cacheinvalidation.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs readers on every node, and writers that change the source and invalidate. Each thread acts
 * at fixed times; a late writer catches up, a late reader does not.
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

  private final Replicas replicas;
  private final Freshness source;
  private final int firstWriter;
  private final AtomicInteger failures = new AtomicInteger();
  private final LongAdder writes = new LongAdder();
  private final List<StaleReads.Reader> readers = new ArrayList<>();
  private double secondsMeasured;

  /**
   * Creates a run.
   *
   * @param rounds how many rounds will be measured
   * @param firstWriter the first of the nodes that write; those before it only read
   */
  StalenessRun(Replicas replicas, Freshness source, int rounds, int firstWriter) {
    this.replicas = replicas;
    this.source = source;
    this.firstWriter = firstWriter;
    for (int node = 0; node < NODES; node++) {
      readers.add(new StaleReads.Reader(rounds));
    }
  }

  /** Runs until the code is compiled. These reads are not judged. */
  void warmUp(double seconds) {
    List<StaleReads.Reader> unused =
        readers.stream().map(reader -> new StaleReads.Reader(1)).toList();
    run(unused, 0, seconds, () -> {});
    failures.set(0);
    writes.reset();
  }

  /**
   * Measures one round.
   *
   * @param round the number of the round, from 0
   * @param disturb is called once during the round
   */
  void measure(int round, double seconds, Runnable disturb) {
    run(readers, round, seconds, disturb);
    secondsMeasured += seconds;
  }

  /** Waits until the nodes have settled, and returns the result of all rounds. */
  StaleReads finish() {
    LockSupport.parkNanos(SETTLING_NANOS);
    int left = left();
    double wanted = secondsMeasured * WRITERS * 1e9 / WRITE_NANOS;
    if (writes.sum() < wanted / 2) {
      throw new VoidRunException(
          "only %d of %.0f writes were done".formatted(writes.sum(), wanted));
    }
    return StaleReads.of(readers, left, failures.get());
  }

  private void run(List<StaleReads.Reader> judges, int round, double seconds, Runnable disturb) {
    source.slowLoads(LOAD_NANOS);
    long begin = System.nanoTime();
    long nanos = (long) (seconds * 1e9);
    List<Thread> threads = new ArrayList<>();
    for (int node = 0; node < NODES; node++) {
      int reading = node;
      StaleReads.Reader judge = judges.get(node);
      threads.add(new Thread(() -> read(reading, judge, round, begin, nanos), "reader-" + node));
    }
    for (int writer = 0; writer < WRITERS; writer++) {
      int writing = writer;
      threads.add(new Thread(() -> write(writing, begin, nanos), "writer-" + writer));
    }
    threads.forEach(Thread::start);
    disturb.run();
    threads.forEach(StalenessRun::join);
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

  private void read(int node, StaleReads.Reader reader, int round, long begin, long nanos) {
    SplittableRandom random = new SplittableRandom(node);
    long due = begin;
    long now = System.nanoTime();
    while (now - begin < nanos) {
      for (int i = 0; i < READS; i++) {
        readOnce(node, key(random), round, reader);
      }
      due = Math.max(due + READ_NANOS, now);
      await(due);
      now = System.nanoTime();
    }
  }

  private void readOnce(int node, int key, int round, StaleReads.Reader reader) {
    long expected = source.expected(key);
    long begin = System.nanoTime();
    long value;
    try {
      value = replicas.read(node, key);
    } catch (RuntimeException notAnswered) {
      failures.incrementAndGet();
      return;
    }
    reader.add(round, source.ageNanos(key, expected, value, begin));
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

  /** Counts the keys of all nodes whose value is older than the source. */
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
