package io.github.cacheinvalidation.cache;

import io.github.cacheinvalidation.coherence.Replica;
import io.github.cacheinvalidation.observer.ClearReason;
import io.github.cacheinvalidation.observer.InvalidationObserver;
import io.github.cacheinvalidation.wire.Invalidation;
import io.github.cacheinvalidation.wire.KeyTypes;
import io.github.cacheinvalidation.wire.WireKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Applies messages to the caches that there are. A cache that does not exist here holds nothing, so
 * a message that names it changes nothing; local-only caches do not listen.
 */
final class CacheReplica implements Replica {

  /** So many keys that what a processor has read to refuse them is still near when they go. */
  private static final int AT_A_STRETCH = 64;

  private final Map<String, CoherentCache> caches;

  private final InvalidationObserver observer;

  CacheReplica(Map<String, CoherentCache> caches, InvalidationObserver observer) {
    this.caches = caches;
    this.observer = observer;
  }

  @Override
  public void apply(List<Invalidation> invalidations) {
    invalidations.forEach(this::apply);
  }

  @Override
  public void clearAll(ClearReason reason) {
    for (CoherentCache cache : caches.values()) {
      if (!cache.localOnly()) {
        cache.clear(reason);
      }
    }
  }

  @Override
  public void distrust(long confirmedNanos) {
    for (CoherentCache cache : caches.values()) {
      if (!cache.localOnly()) {
        cache.store().distrust(confirmedNanos);
      }
    }
  }

  private void apply(Invalidation invalidation) {
    if (invalidation instanceof Invalidation.Keys keys) {
      evict(listening(keys.cache()), keys.keys(), keys.count(), CacheReplica::matchTyped);
    } else if (invalidation instanceof Invalidation.OpenKeys keys) {
      List<WireKey> open = keys.keys();
      evict(listening(keys.cache()), open, open.size(), CacheReplica::matchOpen);
    } else if (invalidation instanceof Invalidation.Whole whole) {
      clear(listening(whole.cache()), ClearReason.INVALIDATED);
    } else if (invalidation instanceof Invalidation.Newer newer) {
      clear(listening(newer.cache()), ClearReason.NEWER_FORMAT);
    } else if (invalidation instanceof Invalidation.Everything) {
      clearAll(ClearReason.INVALIDATED);
    } else if (invalidation instanceof Invalidation.Prefixed prefixed) {
      evictPrefixed(prefixed.text());
    }
  }

  private void evict(
      @Nullable CoherentCache cache, List<WireKey> keys, int count, Matching matching) {
    if (cache == null) {
      return;
    }
    KeyTypes types = cache.types();
    long time = cache.store().hear();
    List<Object> stale = new ArrayList<>(count);
    boolean known = true;
    for (int i = 0; known && i < keys.size(); i++) {
      known = matching.addTo(stale, types, keys.get(i));
    }
    if (known) {
      evictAll(cache, stale, time);
    } else {
      cache.clear(ClearReason.UNKNOWN_KEY_TYPE);
    }
    observer.applied(cache.getName(), count);
  }

  private static void evictAll(CoherentCache cache, List<Object> stale, long time) {
    try {
      boolean goOn = true;
      for (int from = 0; goOn && from < stale.size(); from += AT_A_STRETCH) {
        int to = Math.min(from + AT_A_STRETCH, stale.size());
        goOn = cache.store().evictAll(stale.subList(from, to), time);
      }
    } catch (RuntimeException | Error broken) { // by a key of the application
      cache.clear(ClearReason.UNKNOWN_KEY_TYPE);
      throw broken;
    }
  }

  /** Adds what a wire key can mean; returns false if that can also be of an unknown type. */
  @FunctionalInterface
  private interface Matching {
    boolean addTo(List<Object> stale, KeyTypes types, WireKey key);
  }

  private static boolean matchTyped(List<Object> stale, KeyTypes types, WireKey key) {
    Object only = types.matchOnly(key);
    return only == null ? addAll(stale, types.match(key)) : stale.add(only);
  }

  private static boolean matchOpen(List<Object> stale, KeyTypes types, WireKey key) {
    return addAll(stale, types.matchOpen(key));
  }

  private static boolean addAll(List<Object> stale, KeyTypes.Matches matches) {
    stale.addAll(matches.keys());
    return !matches.unknownType();
  }

  /** {@code a:b} is key b in cache a, and key a:b wherever keys are strings. */
  private void evictPrefixed(String text) {
    CoherentCache named = longestPrefix(text);
    if (named != null) {
      WireKey rest = WireKey.text(text.substring(named.getName().length() + 1));
      evict(named, List.of(rest), 1, CacheReplica::matchOpen);
    }
    List<WireKey> whole = List.of(WireKey.text(text));
    for (CoherentCache cache : caches.values()) {
      if (!cache.localOnly()) {
        cache.store().hear();
        if (cache.types().usesStrings()) {
          evict(cache, whole, 1, CacheReplica::matchTyped);
        }
      }
    }
  }

  private @Nullable CoherentCache longestPrefix(String text) {
    for (int colon = text.lastIndexOf(':'); colon > 0; colon = text.lastIndexOf(':', colon - 1)) {
      CoherentCache cache = listening(text.substring(0, colon));
      if (cache != null) {
        return cache;
      }
    }
    return null;
  }

  private @Nullable CoherentCache listening(String name) {
    CoherentCache cache = caches.get(name);
    return cache == null || cache.localOnly() ? null : cache;
  }

  private static void clear(@Nullable CoherentCache cache, ClearReason reason) {
    if (cache != null) {
      cache.clear(reason);
    }
  }
}
