package io.github.cacheinvalidation.internal.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.KeyCodec;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.fence.RecentInvalidations;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.loading.WaitForGraph;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.internal.outbox.Outbox;
import io.github.cacheinvalidation.internal.receiver.Replica;
import io.github.cacheinvalidation.internal.store.CacheState;
import io.github.cacheinvalidation.internal.store.EntryStore;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.caffeine.CaffeineCache;

/**
 * The caches of a node. With a fixed set of names there are those caches and no others; otherwise a
 * cache is made when it is first asked for. A message never makes one. A name that no message can
 * carry is refused, unless the cache is local only.
 *
 * <p>Safe for use by any thread. Every cache is a {@link CaffeineCache}.
 */
public final class CoherentCacheManager implements CacheManager {

  private static final Logger log = LoggerFactory.getLogger(CoherentCacheManager.class);

  private final Dependencies dependencies;

  private final Function<String, CacheSettings> settings;

  private final boolean fixed;

  /** What callers get. A cache is here later than in {@link ListeningCaches}, so the two differ. */
  private final ConcurrentMap<String, CoherentCache> caches = new ConcurrentHashMap<>();

  private final ListeningCaches listening;

  private final WaitForGraph waitForGraph = new WaitForGraph();

  private final List<Consumer<? super Cache>> creationListeners = new CopyOnWriteArrayList<>();

  /**
   * Creates the manager and, if the names are fixed, their caches.
   *
   * @param dependencies what the caches of a node share
   * @param settings says how the cache of a name is made
   * @param fixedNames the names of the only caches there are; empty if any name is a cache
   * @throws IllegalArgumentException if a cache cannot be made as its settings say
   */
  public CoherentCacheManager(
      Dependencies dependencies,
      Function<String, CacheSettings> settings,
      Collection<String> fixedNames) {
    this.dependencies = dependencies;
    this.listening =
        new ListeningCaches(dependencies.clock(), dependencies.ticker(), dependencies.watermark());
    this.settings = settings;
    this.fixed = !fixedNames.isEmpty();
    fixedNames.forEach(name -> caches.computeIfAbsent(name, this::create));
  }

  @Override
  public @Nullable Cache getCache(String name) {
    return find(name);
  }

  /**
   * Empties the caches of this node and publishes nothing, since it is meant for tests, and other
   * nodes may be at work. The caches stay. Happens at once, also inside a transaction.
   */
  @Override
  public void resetCaches() {
    caches.values().forEach(cache -> cache.clear(ClearReason.REQUESTED));
  }

  @Override
  public Collection<String> getCacheNames() {
    return Collections.unmodifiableSet(new TreeSet<>(caches.keySet()));
  }

  /**
   * Adds a listener that is told of every cache made from now on, on the thread that asked for it
   * and before that thread gets it.
   *
   * @param listener the listener
   */
  public void onCreation(Consumer<? super Cache> listener) {
    creationListeners.add(listener);
  }

  /** Returns how the messages of the channel are applied to these caches. */
  public Replica replica() {
    return new CacheReplica(listening, dependencies.observer());
  }

  /** Returns the way to invalidate from code. */
  public CacheInvalidator invalidator() {
    return new ManagedCacheInvalidator(this);
  }

  /**
   * Clears the caches whose staleness bound has passed, so that memory is freed without reads.
   *
   * @return whether a cache is left that distrusts what it holds, and still has to clear it
   */
  public boolean expireBeyondLimits() {
    boolean distrusting = false;
    for (CoherentCache cache : caches.values()) {
      cache.expireBeyondLimit();
      distrusting |= cache.store().state().distrusted();
    }
    return distrusting;
  }

  @Nullable CoherentCache find(String name) {
    CoherentCache present = caches.get(name);
    if (present != null || fixed) {
      return present;
    }
    CoherentCache[] created = new CoherentCache[1];
    CoherentCache cache = caches.computeIfAbsent(name, newName -> created[0] = create(newName));
    if (created[0] != null) {
      creationListeners.forEach(listener -> listener.accept(cache));
    }
    return cache;
  }

  private CoherentCache create(String name) {
    CacheSettings cacheSettings = settings.apply(name);
    if (!cacheSettings.localOnly()) {
      BodyWriter.requireName(name);
    }
    NativeCache nativeCache = new NativeCache();
    EntryStore store = store(name, cacheSettings);
    nativeCache.show(store);
    CoherentCache cache =
        new CoherentCache(
            name,
            nativeCache,
            store,
            new KeyTypes(dependencies.codecs(), store::heard),
            cacheSettings.localOnly(),
            dependencies.outbox(),
            dependencies.transactions(),
            waitForGraph,
            dependencies.observer());
    nativeCache.belongTo(cache);
    listening.add(cache);
    return cache;
  }

  private EntryStore store(String name, CacheSettings cacheSettings) {
    boolean listened = cacheSettings.builder().get().toString().contains("removalListener");
    return new EntryStore(
        () -> build(name, cacheSettings),
        dependencies.clock(),
        new RecentInvalidations(),
        dependencies.watermark(),
        dependencies.ticker(),
        limits(cacheSettings),
        retired -> {
          if (listened) {
            remove(name, retired.entries());
          }
        },
        reason -> dependencies.observer().cleared(name, reason));
  }

  /**
   * Has entries that nobody reads any more removed elsewhere, for the removal listeners; it can
   * take the time of a processor that readers want. A clear is complete without it, so it succeeds
   * even where nobody takes that task.
   */
  private void remove(
      String name, com.github.benmanes.caffeine.cache.Cache<Object, Object> entries) {
    try {
      dependencies.executor().execute(entries::invalidateAll);
    } catch (RuntimeException | Error rejected) {
      log.debug("The removal listeners of cache '{}' are not told of a clear", name, rejected);
    }
  }

  private static com.github.benmanes.caffeine.cache.Cache<Object, Object> build(
      String name, CacheSettings cacheSettings) {
    try {
      return cacheSettings.build();
    } catch (IllegalArgumentException failure) {
      throw new IllegalArgumentException(
          "Caffeine cannot make cache '"
              + name
              + "' as its builder says: "
              + failure.getMessage()
              + ". Change invalidation.caches."
              + name
              + ".spec, spring.cache.caffeine.spec or the Caffeine bean",
          failure);
    }
  }

  /** Between half the bound and the bound, so that nodes and caches expire at spread moments. */
  private LongSupplier limits(CacheSettings cacheSettings) {
    if (cacheSettings.localOnly()) {
      return () -> CacheState.UNLIMITED;
    }
    Duration bound = cacheSettings.maxStaleness();
    long half = Math.max(1, bound.toNanos() / 2);
    RandomGenerator random = dependencies.random();
    return () -> half + random.nextLong(half);
  }

  /**
   * What the caches of a node share.
   *
   * @param clock the logical clock
   * @param watermark as of when the node is coherent
   * @param ticker the monotonic clock, the same one that the confirmation counts on
   * @param outbox gets what becomes stale
   * @param transactions says in which transaction a thread is
   * @param codecs the application's key codecs
   * @param observer is told what happens
   * @param random draws the limits; safe for use by any thread
   * @param executor empties what a clear has replaced
   */
  public record Dependencies(
      LogicalClock clock,
      CoherenceWatermark watermark,
      Ticker ticker,
      Outbox outbox,
      Transactions transactions,
      List<KeyCodec<?>> codecs,
      InvalidationObserver observer,
      RandomGenerator random,
      Executor executor) {}
}
