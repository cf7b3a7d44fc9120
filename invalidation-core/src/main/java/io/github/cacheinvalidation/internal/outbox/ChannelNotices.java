package io.github.cacheinvalidation.internal.outbox;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Which caches with a cache channel are due to be named on the node's own channel. All nodes follow
 * that channel, so a node where such a cache has another channel hears the message, and compares
 * its settings. Thread-safe; does not block.
 */
final class ChannelNotices {

  /** Longer than the time after which a message has the settings of its caches again. */
  static final Duration PERIOD = Duration.ofMinutes(65);

  private final Predicate<String> compared;

  private final LongSupplier nanoTime;

  private final Map<String, Long> takenNanos = new ConcurrentHashMap<>();

  /**
   * Creates notices that are all due.
   *
   * @param compared whether messages have settings of a cache
   * @param nanoTime a monotonic clock in nanoseconds
   */
  ChannelNotices(Predicate<String> compared, LongSupplier nanoTime) {
    this.compared = compared;
    this.nanoTime = nanoTime;
  }

  /** Returns whether a cache is due; if so, it is due again after {@link #PERIOD}. */
  boolean take(String cache) {
    Long taken = takenNanos.get(cache);
    long now = nanoTime.getAsLong();
    if ((taken != null && now - taken < PERIOD.toNanos()) || !compared.test(cache)) {
      return false;
    }
    return taken == null
        ? takenNanos.putIfAbsent(cache, now) == null
        : takenNanos.replace(cache, taken, now);
  }

  /** Each cache is due again, because messages have all settings again after a start. */
  void started() {
    takenNanos.clear();
  }
}
