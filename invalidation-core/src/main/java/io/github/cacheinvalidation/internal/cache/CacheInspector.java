package io.github.cacheinvalidation.internal.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.key.WireKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells an operator about the caches of a node. It changes nothing: it is no access in the sense of
 * an eviction policy or of statistics, and creates no cache. Safe for use by any thread.
 */
public final class CacheInspector {

  private final Map<String, CoherentCache> caches;

  private final Map<String, Duration> bounds;

  private final Set<String> unlimited;

  CacheInspector(
      Map<String, CoherentCache> caches, Map<String, Duration> bounds, Set<String> unlimited) {
    this.caches = caches;
    this.bounds = bounds;
    this.unlimited = unlimited;
  }

  /** Returns all caches, by their names. */
  public List<CacheDetails> caches() {
    return new TreeMap<>(caches).values().stream().map(this::details).toList();
  }

  /** Returns a cache; null if there is none of this name. */
  public @Nullable CacheDetails cache(String name) {
    CoherentCache cache = caches.get(name);
    return cache == null ? null : details(cache);
  }

  private CacheDetails details(CoherentCache cache) {
    Cache<Object, Object> entries = cache.store().entries();
    Policy<Object, Object> policy = entries.policy();
    CacheStats stats = cache.store().stats();
    var eviction = policy.eviction();
    return new CacheDetails(
        cache.getName(),
        cache.localOnly(),
        entries.estimatedSize(),
        policy.isRecordingStats() && stats.requestCount() > 0 ? (Double) stats.hitRate() : null,
        eviction.map(limit -> (Long) limit.getMaximum()).orElse(null),
        eviction.map(Policy.Eviction::isWeighted).orElse(false),
        unlimited.contains(cache.getName()),
        policy.expireAfterWrite().map(Policy.FixedExpiration::getExpiresAfter).orElse(null),
        policy.expireAfterAccess().map(Policy.FixedExpiration::getExpiresAfter).orElse(null),
        bounds.get(cache.getName()),
        cache.store().state().suspect(),
        cache.types().names());
  }

  /**
   * Returns the keys that a text can mean in a cache, as for a message of another program: each of
   * a type that the cache uses on this node.
   *
   * @param name the name of a cache
   * @param text the key as a person types it
   * @return the keys, and whether the text can also mean a key of a type that is not known here;
   *     null if there is no such cache
   */
  public KeyTypes.@Nullable Matches keys(String name, String text) {
    CoherentCache cache = caches.get(name);
    return cache == null ? null : cache.types().matchOpen(WireKey.text(text));
  }

  /** Returns those of the keys that a cache holds and may still answer with. */
  public List<Object> held(String name, List<Object> keys) {
    CoherentCache cache = caches.get(name);
    List<Object> held = new ArrayList<>();
    if (cache != null) {
      for (Object key : keys) {
        if (cache.store().holds(key)) {
          held.add(key);
        }
      }
    }
    return held;
  }
}
