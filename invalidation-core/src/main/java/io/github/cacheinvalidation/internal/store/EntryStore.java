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
 * The entries of one cache, with the two rules that make them safe to read. Values are in the form
 * in which the cache holds them; a null value has a stand-in.
 *
 * <p><b>The bound.</b> A lookup takes, in this order, the last confirmed moment, the state, the
 * value and the clock. Beyond the limit it puts a fresh state in place and answers as if nothing
 * was there. Where nothing was there is nothing to judge; who waits for a load judges the bound.
 *
 * <p><b>The fence.</b> An invalidation advances the logical clock, raises the key's slots, and then
 * removes the key. A load takes its stamp before it begins; its value is stored only if neither the
 * state nor the slots of the key are newer than the stamp. Test and store are one step, Caffeine's
 * {@code compute} of the key. So a store that passes the test is followed by the removal, and one
 * that begins after the slots were raised is refused.
 *
 * <p>That holds since a removal waits for a {@code compute} of its key, also of an absent one (read
 * in Caffeine 3.2.4, {@code BoundedLocalCache} and {@code UnboundedLocalCache}). Both keep a {@code
 * ConcurrentHashMap}. Its {@code compute} locks the bin of the key before it calls the function; in
 * an empty bin it puts a reservation that is locked. {@code remove} and {@code invalidate} are the
 * map's {@code computeIfPresent}: where the bin is not empty, it takes the lock and looks then. An
 * empty bin says that the {@code compute} has yet to begin; it finds the slots raised. The bin is
 * read in acquire mode only, so a full fence keeps that read behind the raising. A {@code put}
 * takes the same lock, or that of the entry, which {@code compute} holds as well.
 *
 * <p>Safe for use by any thread. Nothing here runs a loader.
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
   * Creates an empty store. {@code recent} serve this cache alone.
   *
   * @param limits draws the limit of a state in nanoseconds; {@link CacheState#UNLIMITED} for none
   * @param retired gets each state that a clear has replaced
   * @param cleared is told of each clear that nobody has asked for
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

  /** Returns the present value of a key; null if there is none that may be read. */
  public @Nullable Object lookup(Object key) {
    long confirmedNanos = watermark.nanos();
    CacheState present = state;
    Object value = present.entries().getIfPresent(key);
    if (value == null || present.limitNanos() == CacheState.UNLIMITED) {
      return value;
    }
    return present.isBeyondLimit(confirmedNanos, ticker.read()) ? expire(present) : value;
  }

  /** Clears the cache if its bound has passed. */
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

  /** Notes that keys of this cache are named, before they are matched; returns when. */
  public long hear() {
    long time = clock.advance();
    heard.accumulateAndGet(time, Math::max);
    return time;
  }

  /** Returns when keys of this cache were named last. */
  public long heard() {
    return heard.get();
  }

  /** Whether a load would be stored; judges the bound, since others wait for that load if so. */
  public boolean isFillable(Object key, long stamp) {
    expireBeyondLimit();
    return refusal(state, key, stamp) == null;
  }

  /** Stores a loaded value, or returns why it was not. A refusal leaves what is there. */
  public @Nullable FillRefusal fill(Object key, Object value, long stamp) {
    CacheState present = state;
    FillRefusal early = refusal(present, key, stamp);
    if (early != null) { // most are; Caffeine would count a failed load
      return early;
    }
    var entries = present.entries().asMap();
    try {
      MaintenanceExecutor.store(
          () ->
              entries.compute(
                  key, (same, old) -> FillRefusedException.unless(raisedSince(key, stamp), value)));
      return null;
    } catch (FillRefusedException refused) {
      return FillRefusal.INVALIDATED;
    }
  }

  /** Stores a value that the application puts by hand. What was loaded before it is not stored. */
  public void put(Object key, Object value) {
    refuseOlder(key, hear());
    var entries = state.entries().asMap();
    MaintenanceExecutor.store(() -> entries.put(key, value));
  }

  /** Stores a value by hand if there is none; returns the one that is there. */
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
   * the key was invalidated or written since, or all was cleared, it is evicted instead, since it
   * is not known what is newer. Either way what was loaded before is not stored.
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
    after.entries().invalidate(key); // all was cleared meanwhile, and loaded anew, perhaps
    return false;
  }

  /**
   * Removes a key and keeps begun loads from storing it; returns whether it was there. It counts as
   * heard, since the key can mean others of a type that is not known yet.
   */
  public boolean evict(Object key) {
    refuseOlder(key, hear());
    return state.entries().asMap().remove(key) != null;
  }

  /**
   * Removes keys, and keeps loads that have begun before a time from storing them; first all are
   * refused, then all removed.
   */
  public void evictAll(List<Object> keys, long time) {
    for (Object key : keys) {
      recent.record(key, time);
    }
    VarHandle.fullFence();
    MaintenanceExecutor.runBatch(() -> keys.forEach(state.entries()::invalidate));
  }

  /** Empties the cache and keeps begun loads from storing; returns whether it held any. */
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

  /** Gives a store that was just made another beginning; returns false if it has another state. */
  public boolean replaceMade(CacheState made, CacheState other) {
    return STATE.compareAndSet(this, made, other);
  }

  /** Lets no later confirmation count for what is cached, also if a clear comes in between. */
  public void distrust(long confirmedNanos) {
    STATE.updateAndGet(this, present -> present.distrust(confirmedNanos));
  }

  /** The present entries, without bound and fence. */
  public Cache<Object, Object> entries() {
    return state.entries();
  }

  /** The statistics of all entries so far. */
  public CacheStats stats() {
    return statistics.total(this::entries);
  }

  /** Clears the entries of a state, also if the state is distrusted at the same time. */
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

  /** After it, no store of what was loaded before begins; one under way holds Caffeine's lock. */
  private void refuseOlder(Object key, long time) {
    recent.record(key, time);
    VarHandle.fullFence();
  }

  private @Nullable FillRefusal refusal(CacheState present, Object key, long stamp) {
    if (present.clearedStamp() > stamp) {
      return FillRefusal.CLEARED;
    }
    return raisedSince(key, stamp) ? FillRefusal.INVALIDATED : null;
  }

  /** The clock moves before a slot is raised; if it has not, there is no need to look at them. */
  private boolean raisedSince(Object key, long stamp) {
    return clock.now() > stamp && recent.raisedSince(key, stamp);
  }
}
