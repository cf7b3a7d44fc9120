package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.Invalidation;
import java.time.Duration;

/**
 * The settings of an outbox.
 *
 * @param await whether a write waits until the channel has accepted its message
 * @param timeout how long each wait lasts at most: of such a write for acceptance, and of any write
 *     for room. One write may wait several times, one wait after the other
 * @param maxBatchKeys the most keys in one message, from 1 to {@link Invalidation#MOST_KEYS}
 * @param maxPendingKeys the most pending keys, at least 1; with more, the whole cache replaces its
 *     keys
 */
public record OutboxSettings(
    boolean await, Duration timeout, int maxBatchKeys, int maxPendingKeys) {

  public OutboxSettings {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("'timeout' must be positive but was " + timeout);
    }
    if (maxBatchKeys < 1 || maxBatchKeys > Invalidation.MOST_KEYS) {
      throw new IllegalArgumentException(
          "'maxBatchKeys' must be from 1 to "
              + Invalidation.MOST_KEYS
              + ", the most keys that nodes read, but was "
              + maxBatchKeys);
    }
    if (maxPendingKeys < 1) {
      throw new IllegalArgumentException(
          "'maxPendingKeys' must be at least 1 but was " + maxPendingKeys);
    }
  }

  /** Returns the defaults: mode async, 4096 keys in a message, 100,000 pending. */
  public static OutboxSettings defaults() {
    return new OutboxSettings(false, Duration.ofSeconds(2), 4096, 100_000);
  }
}
