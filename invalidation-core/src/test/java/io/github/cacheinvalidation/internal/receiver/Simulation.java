package io.github.cacheinvalidation.internal.receiver;

import java.util.PriorityQueue;
import java.util.Random;

/** Virtual time: scheduled events run in order on one thread; a seed repeats a run exactly. */
final class Simulation {

  static final long MILLI = 1_000_000;

  private record Step(long at, long number, Runnable action) {}

  private final PriorityQueue<Step> steps =
      new PriorityQueue<>(
          (a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.number, b.number));

  final Random random;

  private long now;

  private long numbers;

  Simulation(long seed) {
    random = new Random(seed);
  }

  long now() {
    return now;
  }

  void at(long moment, Runnable action) {
    steps.add(new Step(Math.max(now, moment), numbers++, action));
  }

  void after(long nanos, Runnable action) {
    at(now + nanos, action);
  }

  void runFor(long nanos) {
    long end = now + nanos;
    while (!steps.isEmpty() && steps.element().at <= end) {
      Step step = steps.remove();
      now = step.at;
      step.action.run();
    }
    now = end;
  }

  boolean happens(double probability) {
    return random.nextDouble() < probability;
  }

  /** Returns a duration in nanoseconds between two numbers of milliseconds. */
  long between(double fromMillis, double toMillis) {
    return (long) ((fromMillis + random.nextDouble() * (toMillis - fromMillis)) * MILLI);
  }
}
