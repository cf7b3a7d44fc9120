package io.github.cacheinvalidation.internal.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.KeyCodec;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.fence.RecentInvalidations;
import io.github.cacheinvalidation.internal.judge.JudgedCache;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.loading.WaitForGraph;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import io.github.cacheinvalidation.internal.outbox.InvalidationSink;
import io.github.cacheinvalidation.internal.receiver.LocalCaches;
import io.github.cacheinvalidation.internal.store.CacheState;
import io.github.cacheinvalidation.internal.store.EntryStore;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.caffeine.CaffeineCache;

/**
 * The caches of a node. With a fixed set of names, only these caches exist; otherwise a cache is
 * created when it is first requested. A message never creates a cache. A name that no message can
 * carry is refused, unless the cache is local only.
 *
 * <p>Safe for use by any thread. Every cache is a {@link CaffeineCache}.
 */
public final class CoherentCacheManager implements CacheManager {

  private static final Logger log = LoggerFactory.getLogger(CoherentCacheManager.class);

  private final Dependencies dependencies;

  private final Function<String, CacheSettings> settings;

  private final boolean fixed;

  /** The caches that callers get; a new cache is added to {@link ListeningCaches} first. */
  private final ConcurrentMap<String, CoherentCache> caches = new ConcurrentHashMap<>();

  /** Caches of the application, which stay as they are. */
  private final ConcurrentMap<String, Cache> foreign = new ConcurrentHashMap<>();

  /** The staleness bounds of the caches that have one. */
  private final ConcurrentMap<String, Duration> bounds = new ConcurrentHashMap<>();

  /** The caches with neither a maximum nor a lifetime. */
  private final Set<String> unlimited = ConcurrentHashMap.newKeySet();

  private final ListeningCaches listening;

  private final WaitForGraph waitForGraph = new WaitForGraph();

  private final List<Consumer<? super Cache>> creationListeners = new CopyOnWriteArrayList<>();

  /**
   * Creates the manager and, if the names are fixed, their caches.
   *
   * @param dependencies the objects that the caches of a node share
   * @param settings returns the settings of the cache with a given name
   * @param fixedNames the names of the only caches; empty if every name is allowed
   * @throws IllegalArgumentException if a cache cannot be created from its settings
   */
  public CoherentCacheManager(
      Dependencies dependencies,
      Function<String, CacheSettings> settings,
      Collection<String> fixedNames) {
    this.dependencies = dependencies;
    this.listening =
        new ListeningCaches(dependencies.clock(), dependencies.ticker(), dependencies.watermarks());
    this.settings = settings;
    this.fixed = !fixedNames.isEmpty();
    fixedNames.forEach(name -> caches.computeIfAbsent(name, this::create));
  }

  @Override
  public @Nullable Cache getCache(String name) {
    Cache present = foreign.get(name);
    return present == null ? find(name) : present;
  }

  /**
   * Adds a cache of the application, which stays as it is: its writes are not published, and no
   * message changes it. It takes the place of a cache of that name.
   *
   * @param cache the cache
   */
  public void add(Cache cache) {
    foreign.put(cache.getName(), cache);
  }

  /**
   * Clears the caches of this node at once, also inside a transaction, and publishes nothing: it is
   * meant for tests, and other nodes may be in use. The caches remain registered.
   */
  @Override
  public void resetCaches() {
    caches.values().forEach(cache -> cache.clear(ClearReason.REQUESTED));
    foreign.values().forEach(Cache::clear);
  }

  @Override
  public Collection<String> getCacheNames() {
    Set<String> names = new TreeSet<>(caches.keySet());
    names.addAll(foreign.keySet());
    return Collections.unmodifiableSet(names);
  }

  /**
   * Adds a listener that is notified of every cache created from now on, on the thread that
   * requested the cache and before that thread gets it.
   *
   * @param listener the listener
   */
  public void onCreation(Consumer<? super Cache> listener) {
    creationListeners.add(listener);
  }

  /** Returns these caches as a receiver sees them, which applies messages to them. */
  public LocalCaches localCaches() {
    return localCaches(MessageEventListener.NONE);
  }

  /** Returns the same, with a listener to the messages. */
  public LocalCaches localCaches(MessageEventListener listener) {
    return localCaches(listener, cache -> true);
  }

  /** Returns the same, which clears only those caches whose names are of one channel. */
  public LocalCaches localCaches(MessageEventListener listener, Predicate<String> ofChannel) {
    return new CoherentLocalCaches(listening, dependencies.observer(), listener, ofChannel);
  }

  /** Returns what tells an operator about these caches. */
  public CacheInspector inspector() {
    return new CacheInspector(caches, bounds, unlimited);
  }

  /** Returns the key types of a cache that listens to the channel; null if there is none. */
  public @Nullable KeyTypes keyTypes(String name) {
    CoherentCache cache = caches.get(name);
    return cache == null || cache.localOnly() ? null : cache.types();
  }

  /** Returns a cache for the judge; null if there is none, or if it has no staleness bound. */
  public @Nullable JudgedCache judged(String name) {
    CoherentCache cache = caches.get(name);
    Duration bound = bounds.get(name);
    return cache == null || bound == null
        ? null
        : new JudgedCache(cache.store(), bound, dependencies.watermarks().apply(name));
  }

  /** Returns the invalidator for code that uses no annotations. */
  public CacheInvalidator invalidator() {
    return new ManagedCacheInvalidator(this);
  }

  /**
   * Clears the caches whose staleness bound has passed, so that memory is freed without reads.
   *
   * @return whether a cache is still suspect and must still be cleared
   */
  public boolean expireBeyondLimits() {
    boolean anySuspect = false;
    for (CoherentCache cache : caches.values()) {
      cache.expireBeyondLimit();
      anySuspect |= cache.store().state().suspect();
    }
    return anySuspect;
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
      bounds.put(name, cacheSettings.maxStaleness());
    }
    if (cacheSettings.isUnlimited()) {
      unlimited.add(name);
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
            cacheSettings,
            dependencies.sink(),
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
        dependencies.watermarks().apply(name),
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
   * Removes replaced entries on the executor, for the removal listeners; this can take processor
   * time that readers need. The clear is complete without it, so it succeeds even if the executor
   * rejects the task.
   */
  private void remove(
      String name, com.github.benmanes.caffeine.cache.Cache<Object, Object> entries) {
    try {
      dependencies.executor().execute(entries::invalidateAll);
    } catch (RuntimeException | Error rejected) {
      log.debug("Removal listeners of cache '{}' are not notified of a clear", name, rejected);
    }
  }

  private static com.github.benmanes.caffeine.cache.Cache<Object, Object> build(
      String name, CacheSettings cacheSettings) {
    try {
      return cacheSettings.build();
    } catch (IllegalArgumentException failure) {
      throw new IllegalArgumentException(
          "Caffeine cannot build cache '"
              + name
              + "' from its settings: "
              + failure.getMessage()
              + ". Change invalidation.caches."
              + name
              + ".spec, spring.cache.caffeine.spec, the Caffeine bean or its customizer",
          failure);
    }
  }

  /** Draws from half the bound to the bound, so that nodes and caches expire at spread times. */
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
   * The objects that the caches of a node share.
   *
   * @param clock the logical clock
   * @param watermarks returns, for the name of a cache, the time up to which it is known to be
   *     coherent
   * @param ticker the monotonic clock, which the watermarks use too
   * @param sink receives the invalidations to publish
   * @param transactions tells in which transaction a thread is
   * @param codecs the application's key codecs
   * @param observer is notified of events
   * @param random draws the limits; must be safe for use by any thread
   * @param executor removes the entries that a clear has replaced
   */
  public record Dependencies(
      LogicalClock clock,
      Function<String, CoherenceWatermark> watermarks,
      Ticker ticker,
      InvalidationSink sink,
      Transactions transactions,
      List<KeyCodec<?>> codecs,
      InvalidationObserver observer,
      RandomGenerator random,
      Executor executor) {}
}
