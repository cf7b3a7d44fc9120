package io.github.cacheinvalidation.internal.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.store.CacheState;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The caches to which messages are applied. A cache that is made has missed only those messages
 * that looked for a cache that was not here, and the clears of all caches. So it counts as cleared
 * at the last of these, not when it is made, and stores loads whose transaction is older than it.
 *
 * <p>A message notes its time first and looks for the cache again then. A cache is added first and
 * asks for the last such time then. So either the message finds the cache, or the cache counts as
 * cleared after the message. Others get the cache only after that.
 */
final class ListeningCaches {

  private final ConcurrentMap<String, CoherentCache> caches;

  private final LogicalClock clock;

  private final Ticker ticker;

  private final CoherenceWatermark watermark;

  private volatile Moment missed;

  /** A moment on both clocks; the monotonic one is read first. */
  private record Moment(long nanos, long stamp) {}

  ListeningCaches(LogicalClock clock, Ticker ticker, CoherenceWatermark watermark) {
    this(new ConcurrentHashMap<>(), clock, ticker, watermark);
  }

  /** Creates it over a map of its own. */
  ListeningCaches(
      ConcurrentMap<String, CoherentCache> caches,
      LogicalClock clock,
      Ticker ticker,
      CoherenceWatermark watermark) {
    this.caches = caches;
    this.clock = clock;
    this.ticker = ticker;
    this.watermark = watermark;
    this.missed = now();
  }

  /**
   * Adds a cache that was just made and that nobody else has yet. If the bound has passed since the
   * last message that it may have missed, it counts as cleared now, after it can be found.
   */
  void add(CoherentCache cache) {
    CacheState made = cache.store().state();
    caches.put(cache.getName(), cache);
    CacheState since = begun(made, missed);
    long confirmedNanos = watermark.nanos();
    if (since.isBeyondLimit(confirmedNanos, ticker.read())) {
      since = begun(made, now());
    }
    if (!cache.store().replaceMade(made, since)) {
      cache.store().clear(); // a message was here meanwhile
    }
  }

  private static CacheState begun(CacheState made, Moment moment) {
    return new CacheState(made.entries(), moment.nanos, moment.stamp, made.limitNanos());
  }

  /** Returns the cache that a message names; null if there is none, which is noted. */
  @Nullable CoherentCache find(String name) {
    CoherentCache present = caches.get(name);
    if (present != null) {
      return present;
    }
    missed = now();
    return caches.get(name);
  }

  /** Returns all caches, for a message that can also mean such as are not here. */
  Collection<CoherentCache> all() {
    missed = now();
    return caches.values();
  }

  private Moment now() {
    long nanos = ticker.read();
    return new Moment(nanos, clock.advance());
  }
}
