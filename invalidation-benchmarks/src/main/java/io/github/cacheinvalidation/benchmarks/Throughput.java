package io.github.cacheinvalidation.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;

/** Rounds of keys that are present on the receivers, until the last of them has gone there. */
final class Throughput {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private static final int LARGEST_ROUND = 300_000;

  /** What the spread of rounds should be, at most; short rounds scatter more. */
  private static final double NARROW = 0.3;

  /** How many times rounds are made twice as long for that, at most. */
  private static final int MOST_DOUBLINGS = 2;

  private static final int MOST_REPETITIONS = 3;

  private final AtomicLong nextKey;

  /** In which order keys are cached and invalidated. */
  enum Order {
    /** As they are numbered, both. */
    NUMBERED,
    /** In one random order, and in another. */
    SCATTERED
  }

  private final Random random = new Random(7);

  private final Order order;
  private final LongFunction<Object> keys;
  private final int writers;
  private final double secondsPerRound;

  /**
   * Creates it.
   *
   * @param order in which order keys are cached and invalidated
   * @param keys makes a key of a number
   * @param writers how many threads write
   * @param secondsPerRound how long a round takes, about
   */
  Throughput(Order order, LongFunction<Object> keys, int writers, double secondsPerRound) {
    this.order = order;
    this.nextKey = new AtomicLong(1_000_000);
    this.keys = keys;
    this.writers = writers;
    this.secondsPerRound = secondsPerRound;
  }

  /**
   * Alternates the fleets, of which another is first in each round; returns for each the keys per
   * second of every round.
   */
  List<double[]> measure(List<? extends Fleet> fleets, int rounds) {
    return measure(fleets, sizes(fleets), rounds);
  }

  /**
   * The same, and again with fewer rounds of twice the length while the rates of a fleet are wide
   * apart, a limited number of times; returns the last of it.
   */
  List<double[]> measureSteadily(List<? extends Fleet> fleets, int rounds, int fewest) {
    int[] sizes = sizes(fleets);
    List<double[]> rates = measure(fleets, sizes, rounds);
    int count = rounds;
    for (int i = 0; i < MOST_DOUBLINGS && isWide(rates); i++) {
      count = Math.max(fewest, count / 2);
      Arrays.setAll(sizes, fleet -> 2 * sizes[fleet]);
      rates = measure(fleets, sizes, count);
    }
    return rates;
  }

  private static boolean isWide(List<double[]> rates) {
    return rates.stream().anyMatch(each -> new Samples(each).spread() > NARROW);
  }

  private int[] sizes(List<? extends Fleet> fleets) {
    return fleets.stream().mapToInt(this::warmUp).toArray();
  }

  private List<double[]> measure(List<? extends Fleet> fleets, int[] sizes, int rounds) {
    List<double[]> rates = new ArrayList<>();
    fleets.forEach(fleet -> rates.add(new double[rounds]));
    for (int round = 0; round < rounds; round++) {
      for (int turn = 0; turn < sizes.length; turn++) {
        int i = (round + turn) % sizes.length;
        rates.get(i)[round] = round(fleets.get(i), sizes[i]);
      }
    }
    return rates;
  }

  /** Returns how many keys a round should have. */
  private int warmUp(Fleet fleet) {
    int size = 500;
    double rate = 0;
    long until = System.nanoTime() + (long) (secondsPerRound * 5e9);
    for (int round = 0; round < 3 || System.nanoTime() < until; round++) {
      rate = round(fleet, size);
      size = (int) Math.max(500, Math.min(LARGEST_ROUND, rate * secondsPerRound));
    }
    return size;
  }

  private double round(Fleet fleet, int size) {
    for (int left = MOST_REPETITIONS; ; left--) {
      try {
        return tryRound(fleet, size);
      } catch (KeysStayException stay) {
        if (left == 0 || !fleet.startOver()) {
          throw stay;
        }
        System.err.println("A round is repeated: " + stay.getMessage());
      }
    }
  }

  private double tryRound(Fleet fleet, int size) {
    List<List<Object>> parts = new ArrayList<>();
    List<Object> all = new ArrayList<>(size);
    for (int writer = 0; writer < writers; writer++) {
      List<Object> part = new ArrayList<>(size / writers);
      for (int i = 0; i < size / writers; i++) {
        part.add(keys.apply(nextKey.getAndIncrement()));
      }
      scatter(part);
      parts.add(part);
      all.addAll(part);
    }
    scatter(all);
    fleet.fill(all);
    if (fleet.held().anyMatch(entries -> entries != all.size())) {
      throw new VoidRunException(
          "the receivers of %s hold %s entries instead of %d"
              .formatted(fleet.name(), Arrays.toString(fleet.held().toArray()), all.size()));
    }
    System.gc(); // what filling has left is nobody's pause
    long begin = System.nanoTime();
    write(fleet, parts);
    while (fleet.held().anyMatch(entries -> entries > 0)) {
      LockSupport.parkNanos(200_000);
      if (System.nanoTime() - begin > PATIENCE_NANOS) {
        throw new KeysStayException(fleet.name() + " has not removed all keys on the receivers");
      }
    }
    long nanos = System.nanoTime() - begin;
    fleet.requireValid();
    return all.size() * 1e9 / nanos;
  }

  private void scatter(List<Object> list) {
    if (order == Order.SCATTERED) {
      Collections.shuffle(list, random);
    }
  }

  private static void write(Fleet fleet, List<List<Object>> parts) {
    if (parts.size() == 1) {
      fleet.invalidate(parts.get(0));
      return;
    }
    ExecutorService threads = Executors.newFixedThreadPool(parts.size());
    try {
      List<Callable<Fleet>> tasks = new ArrayList<>();
      for (List<Object> part : parts) {
        tasks.add(
            () -> {
              fleet.invalidate(part);
              return fleet;
            });
      }
      for (Future<Fleet> task : threads.invokeAll(tasks)) {
        task.get();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new VoidRunException("interrupted");
    } catch (java.util.concurrent.ExecutionException failed) {
      throw new IllegalStateException(failed);
    } finally {
      threads.shutdown();
    }
  }
}
