package io.github.cacheinvalidation.internal.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Ticker;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.FillRefusal;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.fence.RecentInvalidations;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one cache and the two rules that make lookups safe. Values have the form in which
 * the cache holds them; a placeholder represents null.
 *
 * <p><b>The bound.</b> A lookup reads, in this order, the watermark, the state, the value and the
 * clock. If the state is beyond its limit, the lookup replaces it by an empty one and returns null.
 * A lookup that finds no value checks nothing; {@link #isFillable} checks the bound before a caller
 * waits for a load.
 *
 * <p><b>The fence.</b> An invalidation advances the logical clock, records the key in {@link
 * RecentInvalidations}, and then removes the key. A load takes its stamp before it begins. Its
 * value is stored only if neither the state nor the recorded invalidation of the key is newer than
 * the stamp. Test and store are one atomic step, Caffeine's {@code compute} of the key. So the
 * removal follows a store that passes the test, and a store that begins after the recording is
 * refused.
 *
 * <p>This holds because a removal waits for a {@code compute} of its key, even of an absent key
 * (read in the source of Caffeine 3.2.4, {@code BoundedLocalCache} and {@code
 * UnboundedLocalCache}). Both use a {@code ConcurrentHashMap}. Its {@code compute} locks the bin of
 * the key before it calls the function; in an empty bin it places a locked reservation. {@code
 * remove} and {@code invalidate} are the map's {@code computeIfPresent}: if the bin is not empty,
 * it takes the lock and then searches the bin. If the bin is empty, the {@code compute} has not
 * begun yet and will find the recorded invalidation. The bin is read in acquire mode only, so a
 * full fence keeps that read after the recording. A {@code put} takes the same lock, or the lock of
 * the entry, which {@code compute} holds as well.
 *
 * <p>Safe for use by any thread. No method runs a loader.
 */
public final class EntryStore {

  private static final AtomicReferenceFieldUpdater<EntryStore, CacheState> STATE =
      AtomicReferenceFieldUpdater.newUpdater(EntryStore.class, CacheState.class, "state");

  private final Supplier<Cache<Object, Object>> factory;
  private final LogicalClock clock;
  private final RecentInvalidations recent;
  private final CoherenceWatermark watermark;
  private final Ticker ticker;
  private final LongSupplier limits;
  private final Consumer<CacheState> retired;
  private final Consumer<ClearReason> cleared;
  private final Statistics statistics = new Statistics();
  private final AtomicLong heard = new AtomicLong();
  private volatile CacheState state;

  /**
   * Creates an empty store. {@code recent} must serve this cache alone.
   *
   * @param limits draws the limit of each state in nanoseconds; {@link CacheState#UNLIMITED} for
   *     none
   * @param retired receives each state that a clear has replaced
   * @param cleared is notified of each clear that no caller has requested
   */
  public EntryStore(
      Supplier<Cache<Object, Object>> factory,
      LogicalClock clock,
      RecentInvalidations recent,
      CoherenceWatermark watermark,
      Ticker ticker,
      LongSupplier limits,
      Consumer<CacheState> retired,
      Consumer<ClearReason> cleared) {
    this.factory = factory;
    this.clock = clock;
    this.recent = recent;
    this.watermark = watermark;
    this.ticker = ticker;
    this.limits = limits;
    this.retired = retired;
    this.cleared = cleared;
    this.state = freshState();
  }

  /** Returns the value of a key; null if there is none or if it may no longer be read. */
  public @Nullable Object lookup(Object key) {
    long confirmedNanos = watermark.nanos();
    CacheState present = state;
    Object value = present.entries().getIfPresent(key);
    if (value == null || present.limitNanos() == CacheState.UNLIMITED) {
      return value;
    }
    return present.isBeyondLimit(confirmedNanos, ticker.read()) ? expire(present) : value;
  }

  /** Returns whether a lookup would find a value, without being one for policy or statistics. */
  public boolean holds(Object key) {
    long confirmedNanos = watermark.nanos();
    CacheState present = state;
    return present.entries().policy().getIfPresentQuietly(key) != null
        && !present.isBeyondLimit(confirmedNanos, ticker.read());
  }

  /** Clears the cache if its staleness bound has passed. */
  public void expireBeyondLimit() {
    long confirmedNanos = watermark.nanos();
    CacheState present = state;
    if (present.isBeyondLimit(confirmedNanos, ticker.read())) {
      expire(present);
    }
  }

  /** Returns the stamp of a load that begins now. */
  public long stamp() {
    return clock.now();
  }

  /** Notes that keys of this cache are named, before they are matched; returns the logical time. */
  public long hear() {
    long time = clock.advance();
    heard.accumulateAndGet(time, Math::max);
    return time;
  }

  /** Returns the logical time at which keys of this cache were last named. */
  public long heard() {
    return heard.get();
  }

  /**
   * Returns whether a load would be stored. Clears the cache first if its staleness bound has
   * passed, because other callers may then wait for the load.
   */
  public boolean isFillable(Object key, long stamp) {
    expireBeyondLimit();
    return refusal(state, key, stamp) == null;
  }

  /** Stores a loaded value, or returns why the fill was refused; then the entry stays unchanged. */
  public @Nullable FillRefusal fill(Object key, Object value, long stamp) {
    CacheState present = state;
    FillRefusal early = refusal(present, key, stamp);
    if (early != null) { // most refusals end here; in compute, Caffeine would count a failed load
      return early;
    }
    var entries = present.entries().asMap();
    try {
      MaintenanceExecutor.store(
          () ->
              entries.compute(
                  key,
                  (same, old) -> FillRefusedException.unless(recordedSince(key, stamp), value)));
      return null;
    } catch (FillRefusedException refused) {
      return FillRefusal.INVALIDATED;
    }
  }

  /** Stores a value that the application puts directly; refuses fills of earlier loads. */
  public void put(Object key, Object value) {
    refuseOlder(key, hear());
    var entries = state.entries().asMap();
    MaintenanceExecutor.store(() -> entries.put(key, value));
  }

  /** Stores a value directly if the key has none; otherwise returns the value that is present. */
  public @Nullable Object putIfAbsent(Object key, Object value) {
    expireBeyondLimit();
    Object present = lookup(key);
    if (present != null) {
      return present;
    }
    refuseOlder(key, hear());
    return state.entries().asMap().putIfAbsent(key, value);
  }

  /**
   * Stores the value of a write whose computation began at the stamp; returns whether it did. If
   * the key was invalidated or written since, or the cache was cleared, it is not known which value
   * is newer, so the key is evicted. In both cases fills of earlier loads are refused.
   */
  public boolean putUnlessNewer(Object key, Object value, long stamp) {
    CacheState present = state;
    var entries = present.entries().asMap();
    Object stored =
        MaintenanceExecutor.store(
            () ->
                entries.compute(
                    key,
                    (same, old) -> {
                      boolean newer = refusal(present, key, stamp) != null;
                      recent.record(key, hear());
                      return newer ? null : value;
                    }));
    VarHandle.fullFence();
    CacheState after = state;
    if (after.clearedStamp() == present.clearedStamp()) {
      return stored != null;
    }
    after.entries().invalidate(key); // the cache was cleared meanwhile and may hold a new load
    return false;
  }

  /**
   * Removes a key and refuses fills of loads that have begun; returns whether the key was present.
   * It calls {@link #hear}, because the key can also mean keys of a type that is not known yet.
   */
  public boolean evict(Object key) {
    refuseOlder(key, hear());
    return state.entries().asMap().remove(key) != null;
  }

  /**
   * Removes keys and refuses fills of loads begun before a time. Records all, then removes all.
   * Returns how many of them were present.
   */
  public int evictAll(List<Object> keys, long time) {
    for (Object key : keys) {
      recent.record(key, time);
    }
    VarHandle.fullFence();
    int[] removed = new int[1];
    MaintenanceExecutor.runBatch(
        () -> {
          var entries = state.entries().asMap();
          for (Object key : keys) { // as Caffeine's own invalidate does
            removed[0] += entries.remove(key) == null ? 0 : 1;
          }
        });
    return removed[0];
  }

  /** Clears the cache and refuses fills of begun loads; returns whether it held entries. */
  public boolean clear() {
    CacheState present;
    boolean held;
    do {
      present = state;
      held = present.entries().estimatedSize() > 0;
    } while (!replace(present));
    return held;
  }

  public CacheState state() {
    return state;
  }

  /** Replaces the first state of a new store; returns false if the state has changed since. */
  public boolean replaceMade(CacheState made, CacheState other) {
    return STATE.compareAndSet(this, made, other);
  }

  /**
   * Marks the entries as suspect: confirmations after {@code confirmedNanos} do not count for them.
   * If a clear replaces the entries at the same time, marks the new entries.
   */
  public void markSuspect(long confirmedNanos) {
    STATE.updateAndGet(this, present -> present.markSuspect(confirmedNanos));
  }

  /** Returns the current entries, without bound and fence. */
  public Cache<Object, Object> entries() {
    return state.entries();
  }

  /** Returns the statistics of all states so far. */
  public CacheStats stats() {
    return statistics.total(this::entries);
  }

  /** Clears the entries of a state, even if they become suspect meanwhile. Returns null. */
  private @Nullable Object expire(CacheState beyondLimit) {
    for (CacheState same = beyondLimit; same.entries() == beyondLimit.entries(); same = state) {
      if (replace(same)) {
        cleared.accept(same.reason());
      }
    }
    return null;
  }

  private boolean replace(CacheState present) {
    CacheState fresh = freshState();
    if (!statistics.retire(present.entries(), () -> STATE.compareAndSet(this, present, fresh))) {
      return false;
    }
    retired.accept(present);
    return true;
  }

  private CacheState freshState() {
    return new CacheState(factory.get(), ticker.read(), clock.advance(), limits.getAsLong());
  }

  /** Refuses fills of earlier loads from now on; a fill in progress holds Caffeine's lock. */
  private void refuseOlder(Object key, long time) {
    recent.record(key, time);
    VarHandle.fullFence();
  }

  private @Nullable FillRefusal refusal(CacheState present, Object key, long stamp) {
    if (present.clearedStamp() > stamp) {
      return FillRefusal.CLEARED;
    }
    return recordedSince(key, stamp) ? FillRefusal.INVALIDATED : null;
  }

  /** The clock advances before a key is recorded; if it has not advanced, no search is needed. */
  private boolean recordedSince(Object key, long stamp) {
    return clock.now() > stamp && recent.recordedSince(key, stamp);
  }
}
