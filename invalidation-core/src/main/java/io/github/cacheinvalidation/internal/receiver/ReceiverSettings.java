package io.github.cacheinvalidation.internal.receiver;

import java.time.Duration;

/**
 * How closely a node watches its channel.
 *
 * @param checkInterval how often the tip is read
 * @param maxStaleness the staleness bound of the caches, within which several checks must fit
 * @param timeout how long messages that must be on their way may take before the subscription
 *     counts as deaf
 * @param maxQueuedBytes how many bytes of messages may wait to be applied; what comes on top is
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

  /** Returns the defaults: a check each second, a bound of 10 s, 500 ms, 16 MiB. */
  public static ReceiverSettings defaults() {
    return new ReceiverSettings(
        Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMillis(500), 16L << 20);
  }

  /**
   * Returns the shortest staleness bound, of all caches or of one, that goes with a check interval.
   *
   * @param checkInterval how often the tip is read
   * @return four intervals, since several checks must fit into a bound
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
