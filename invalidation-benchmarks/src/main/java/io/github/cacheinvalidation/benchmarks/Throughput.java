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

/**
 * Rounds that invalidate keys present on the receivers, until the last key has been removed there.
 */
final class Throughput {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private static final int LARGEST_ROUND = 300_000;

  /** The largest accepted spread of rounds. Short rounds have a larger spread. */
  private static final double NARROW = 0.3;

  /** How often the length of the rounds is doubled at most to reach that spread. */
  private static final int MOST_DOUBLINGS = 2;

  private static final int MOST_REPETITIONS = 3;

  private final AtomicLong nextKey;

  /** The order in which keys are cached and invalidated. */
  enum Order {
    /** Cached and invalidated in the order of their numbers. */
    NUMBERED,
    /** Cached in one random order, and invalidated in another. */
    SCATTERED
  }

  private final Random random = new Random(7);

  private final Order order;
  private final LongFunction<Object> keys;
  private final int writers;
  private final double secondsPerRound;

  /**
   * Creates a measurement.
   *
   * @param order the order in which keys are cached and invalidated
   * @param keys creates a key from a number
   * @param writers the number of writing threads
   * @param secondsPerRound the approximate duration of a round
   */
  Throughput(Order order, LongFunction<Object> keys, int writers, double secondsPerRound) {
    this.order = order;
    this.nextKey = new AtomicLong(1_000_000);
    this.keys = keys;
    this.writers = writers;
    this.secondsPerRound = secondsPerRound;
  }

  /**
   * Measures the fleets in alternation; each round begins with another fleet. Returns for each
   * fleet the keys per second of every round.
   */
  List<double[]> measure(List<? extends Fleet> fleets, int rounds) {
    return measure(fleets, sizes(fleets), rounds);
  }

  /**
   * Measures like {@link #measure(List, int)}. If the rates of a fleet have a wide spread, measures
   * again with fewer rounds of twice the length, up to a limit, and returns the last result.
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

  /** Returns the number of keys for a round. */
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

  /** Runs one round. Returns the keys per second. */
  double round(Fleet fleet, int size) {
    for (int left = MOST_REPETITIONS; ; left--) {
      try {
        return tryRound(fleet, size);
      } catch (KeysStayException stay) {
        if (left == 0 || !fleet.startOver()) {
          throw stay;
        }
        System.err.println("Repeating a round: " + stay.getMessage());
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
    System.gc(); // the garbage of filling must not cause a pause in the round
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
