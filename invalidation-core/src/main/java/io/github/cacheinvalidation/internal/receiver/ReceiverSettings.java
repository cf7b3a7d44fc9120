package io.github.cacheinvalidation.internal.receiver;

import java.time.Duration;

/**
 * How closely a node watches its channel.
 *
 * @param checkInterval the time between two checks
 * @param maxStaleness the staleness bound of the caches, at least four check intervals
 * @param timeout how long to wait for the messages up to a tip; after that the subscription counts
 *     as broken and is made again
 * @param maxQueuedBytes how many bytes of messages may wait to be applied; further messages are
 *     dropped and then read from the log
 */
public record ReceiverSettings(
    Duration checkInterval, Duration maxStaleness, Duration timeout, long maxQueuedBytes) {

  private static final int CHECKS_IN_BOUND = 4;

  public ReceiverSettings {
    requirePositive("checkInterval", checkInterval);
    requirePositive("maxStaleness", maxStaleness);
    requirePositive("timeout", timeout);
    if (shortestStaleness(checkInterval).compareTo(maxStaleness) > 0) {
      throw new IllegalArgumentException(
          "'checkInterval' must be at most a quarter of 'maxStaleness', which is "
              + maxStaleness
              + ", but was "
              + checkInterval);
    }
    if (maxQueuedBytes < 1) {
      throw new IllegalArgumentException(
          "'maxQueuedBytes' must be at least 1 but was " + maxQueuedBytes);
    }
  }

  /** Returns the defaults: check interval 1 s, bound 10 s, timeout 500 ms, queue 16 MiB. */
  public static ReceiverSettings defaults() {
    return new ReceiverSettings(
        Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMillis(500), 16L << 20);
  }

  /**
   * Returns the shortest staleness bound, of all caches or of one, that a check interval allows.
   *
   * @param checkInterval the time between two checks
   * @return four intervals, because several checks must fit into a bound
   */
  public static Duration shortestStaleness(Duration checkInterval) {
    return checkInterval.multipliedBy(CHECKS_IN_BOUND);
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException("'" + name + "' must be positive but was " + value);
    }
  }
}
