package io.github.cacheinvalidation.internal.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.message.Excerpt;
import io.github.cacheinvalidation.internal.store.CacheState;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The caches to which messages are applied. A new cache has missed only the messages that named an
 * absent cache, and the clears of all caches. So it counts as cleared at the last of these, not at
 * its creation, and stores loads from transactions that are older than the cache.
 *
 * <p>A message first records its time and then looks for the cache again. A new cache is first
 * added and then reads the last recorded time. So either the message finds the cache, or the cache
 * counts as cleared after the message. Callers get the cache only after that.
 */
final class ListeningCaches {

  private static final Logger log = LoggerFactory.getLogger(ListeningCaches.class);

  private final ConcurrentMap<String, CoherentCache> caches;

  private final LogicalClock clock;

  private final Ticker ticker;

  private final Function<String, CoherenceWatermark> watermarks;

  /** Only moves forward, although several receivers write it. */
  private final AtomicReference<Moment> missed;

  /** A time on both clocks; the monotonic clock is read first. */
  private record Moment(long nanos, long stamp) {

    static Moment later(Moment one, Moment other) {
      return one.stamp >= other.stamp ? one : other;
    }
  }

  ListeningCaches(
      LogicalClock clock, Ticker ticker, Function<String, CoherenceWatermark> watermarks) {
    this(new ConcurrentHashMap<>(), clock, ticker, watermarks);
  }

  /** Creates an instance over the given map. */
  ListeningCaches(
      ConcurrentMap<String, CoherentCache> caches,
      LogicalClock clock,
      Ticker ticker,
      Function<String, CoherenceWatermark> watermarks) {
    this.caches = caches;
    this.clock = clock;
    this.ticker = ticker;
    this.watermarks = watermarks;
    this.missed = new AtomicReference<>(now());
  }

  /**
   * Adds a new cache that no other thread has yet. If the staleness bound has passed since the last
   * message that the cache may have missed, the cache counts as cleared now, after it can be found.
   */
  void add(CoherentCache cache) {
    CacheState made = cache.store().state();
    caches.put(cache.getName(), cache);
    CacheState since = begun(made, Objects.requireNonNull(missed.get()));
    long confirmedNanos = watermarks.apply(cache.getName()).nanos();
    if (since.isBeyondLimit(confirmedNanos, ticker.read())) {
      since = begun(made, now());
    }
    if (!cache.store().replaceMade(made, since)) {
      cache.store().clear(); // a message changed the state meanwhile
    }
  }

  private static CacheState begun(CacheState made, Moment moment) {
    return new CacheState(made.entries(), moment.nanos, moment.stamp, made.limitNanos());
  }

  /** Returns the cache that a message names; if there is none, records the time as missed. */
  @Nullable CoherentCache find(String name) {
    CoherentCache present = caches.get(name);
    if (present != null) {
      return present;
    }
    missNow();
    CoherentCache added = caches.get(name);
    if (added == null && log.isDebugEnabled()) {
      log.debug(
          "A message named cache '{}', which this node does not have or has not created yet",
          Excerpt.of(name));
    }
    return added;
  }

  /** Returns all caches, for a message that can also mean absent caches; records the time. */
  Collection<CoherentCache> all() {
    missNow();
    return caches.values();
  }

  private void missNow() {
    missed.accumulateAndGet(now(), Moment::later);
  }

  private Moment now() {
    long nanos = ticker.read();
    return new Moment(nanos, clock.advance());
  }
}
