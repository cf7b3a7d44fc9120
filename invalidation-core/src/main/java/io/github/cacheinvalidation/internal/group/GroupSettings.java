package io.github.cacheinvalidation.internal.group;

import java.time.Duration;

/**
 * The settings of all groups of a node. All nodes of a group should have the same.
 *
 * @param maxAttempts how often a message is given to a handler before it becomes a dead letter; at
 *     least 1
 * @param backOff the pause before the second attempt, which doubles before each later one; at least
 *     1 ms
 * @param maxBackOff the longest pause between two attempts; at least {@code backOff}
 * @param claimIdleTime after this time without an end, a message is given to another node; at least
 *     {@code maxBackOff}
 * @param pollInterval how often an idle node asks for a message; at least 1 ms
 * @param stopTimeout how long a stop waits for a running handler; not negative
 * @param maxDeadLetters how many dead letters of a group are kept; at least 1
 */
public record GroupSettings(
    int maxAttempts,
    Duration backOff,
    Duration maxBackOff,
    Duration claimIdleTime,
    Duration pollInterval,
    Duration stopTimeout,
    int maxDeadLetters) {

  private static final Duration SHORTEST = Duration.ofMillis(1);

  /** Checks the values. */
  public GroupSettings {
    require("maxAttempts", maxAttempts >= 1, "at least 1", maxAttempts);
    require("backOff", backOff.compareTo(SHORTEST) >= 0, "at least 1 ms", backOff);
    require("maxBackOff", maxBackOff.compareTo(backOff) >= 0, "at least 'backOff'", maxBackOff);
    require(
        "claimIdleTime",
        claimIdleTime.compareTo(maxBackOff) >= 0,
        "at least 'maxBackOff'",
        claimIdleTime);
    require("pollInterval", pollInterval.compareTo(SHORTEST) >= 0, "at least 1 ms", pollInterval);
    require("stopTimeout", !stopTimeout.isNegative(), "not negative", stopTimeout);
    require("maxDeadLetters", maxDeadLetters >= 1, "at least 1", maxDeadLetters);
  }

  /**
   * Returns the defaults: 10 attempts, pauses from 1 s to 30 s, idle time 1 min, poll interval 250
   * ms, stop timeout 10 s, 1000 dead letters.
   */
  public static GroupSettings defaults() {
    return new GroupSettings(
        10,
        Duration.ofSeconds(1),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMillis(250),
        Duration.ofSeconds(10),
        1000);
  }

  private static void require(String name, boolean valid, String rule, Object value) {
    if (!valid) {
      throw new IllegalArgumentException("'" + name + "' must be " + rule + " but was " + value);
    }
  }
}
