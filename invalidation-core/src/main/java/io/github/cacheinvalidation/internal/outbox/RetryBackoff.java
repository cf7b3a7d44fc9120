package io.github.cacheinvalidation.internal.outbox;

import java.util.random.RandomGenerator;

/** Random, growing pauses between attempts. For use by one thread. */
final class RetryBackoff {

  static final long LONGEST_MILLIS = 500;

  private static final long FIRST_MILLIS = 50;

  private final RandomGenerator random;

  private long millis = FIRST_MILLIS;

  RetryBackoff(RandomGenerator random) {
    this.random = random;
  }

  /** Makes the next pause short again. */
  void restart() {
    millis = FIRST_MILLIS;
  }

  /** Returns the next pause in milliseconds, between half of the present length and all of it. */
  long next() {
    long pause = millis / 2 + random.nextLong(millis / 2 + 1);
    millis = Math.min(LONGEST_MILLIS, millis * 2);
    return pause;
  }
}
