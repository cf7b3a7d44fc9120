package io.github.cacheinvalidation.autoconfigure.metrics;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.FillRefusal;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;

/**
 * Counts the events of each cache of a node, and exposes them with the tag {@code cache}. The
 * meters of a cache exist from its creation on, at zero.
 */
final class CacheMeters implements MessageEventListener, MeterBinder, DisposableBean {

  private final BoundMeters bound = new BoundMeters();

  private final CommonTags common;

  private final List<Counters> registries = new CopyOnWriteArrayList<>();

  private final Map<String, OfCache> caches = new ConcurrentHashMap<>();

  CacheMeters(CommonTags common) {
    this.common = common;
  }

  /** The counters of one cache. */
  private record OfCache(
      LongAdder appliedKeys,
      LongAdder evictedEntries,
      LongAdder joinedLoads,
      Map<ClearReason, LongAdder> cleared,
      Map<FillRefusal, LongAdder> refused) {

    OfCache() {
      this(
          new LongAdder(),
          new LongAdder(),
          new LongAdder(),
          Counters.adders(ClearReason.class),
          Counters.adders(FillRefusal.class));
    }

    void addTo(Counters counters, String name) {
      Tags cache = Tags.of("cache", name);
      counters.add("applied.keys", "Keys in messages applied here", cache, appliedKeys);
      counters.add("evicted.entries", "Entries that messages removed here", cache, evictedEntries);
      counters.add(
          "joined.loads", "Callers that waited for the load of another", cache, joinedLoads);
      counters.addAll("cleared.caches", "Caches emptied", cache, "reason", cleared);
      counters.addAll(
          "refused.fills", "Loaded values that were not stored", cache, "reason", refused);
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Counters counters = new Counters(registry, bound, common.get());
    registries.add(counters);
    caches.forEach((name, cache) -> cache.addTo(counters, name));
  }

  @Override
  public void destroy() {
    bound.removeAll();
  }

  /** Adds the meters of a cache, unless they are there. */
  void add(String cache) {
    of(cache);
  }

  /**
   * Registers new counters after they can be found: so either this thread sees a new registry, or
   * the thread that binds it sees the counters. To register the same meter twice changes nothing.
   */
  private OfCache of(String name) {
    OfCache present = caches.get(name);
    if (present != null) {
      return present;
    }
    OfCache added = new OfCache();
    OfCache other = caches.putIfAbsent(name, added);
    if (other != null) {
      return other;
    }
    registries.forEach(counters -> added.addTo(counters, name));
    return added;
  }

  @Override
  public void evicted(
      @Nullable String origin, String cache, Collection<WireKey> keys, int count, long evicted) {
    of(cache).evictedEntries().add(evicted);
  }

  @Override
  public void cleared(@Nullable String origin, String cache, long evicted) {
    of(cache).evictedEntries().add(evicted);
  }

  @Override
  public void cleared(String cache, ClearReason reason) {
    Counters.increment(of(cache).cleared(), reason);
  }

  void applied(String cache, int keys) {
    of(cache).appliedKeys().add(keys);
  }

  void fillRefused(String cache, FillRefusal reason) {
    Counters.increment(of(cache).refused(), reason);
  }

  void loadJoined(String cache) {
    of(cache).joinedLoads().increment();
  }
}
