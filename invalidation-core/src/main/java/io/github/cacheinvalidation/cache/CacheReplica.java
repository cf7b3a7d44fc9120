package io.github.cacheinvalidation.cache;

import io.github.cacheinvalidation.coherence.Replica;
import io.github.cacheinvalidation.observer.ClearReason;
import io.github.cacheinvalidation.observer.InvalidationObserver;
import io.github.cacheinvalidation.wire.Invalidation;
import io.github.cacheinvalidation.wire.KeyTypes;
import io.github.cacheinvalidation.wire.WireKey;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Applies messages to the caches that there are. A cache that does not exist here holds nothing, so
 * a message that names it changes nothing; local-only caches do not listen.
 */
final class CacheReplica implements Replica {

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

  private void apply(Invalidation invalidation) {
    if (invalidation instanceof Invalidation.Keys keys) {
      evictTyped(listening(keys.cache()), keys.keys());
    } else if (invalidation instanceof Invalidation.OpenKeys keys) {
      evict(listening(keys.cache()), keys.keys(), KeyTypes::matchOpen);
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
      @Nullable CoherentCache cache,
      List<WireKey> keys,
      BiFunction<KeyTypes, WireKey, KeyTypes.Matches> match) {
    if (cache == null) {
      return;
    }
    long time = cache.store().hear();
    for (WireKey key : keys) {
      if (!evict(cache, match.apply(cache.types(), key), time)) {
        break;
      }
    }
    observer.applied(cache.getName(), keys.size());
  }

  private void evictTyped(@Nullable CoherentCache cache, List<WireKey> keys) {
    if (cache == null) {
      return;
    }
    EntryStore store = cache.store();
    KeyTypes types = cache.types();
    long time = store.hear();
    for (WireKey key : keys) {
      Object only = types.matchOnly(key);
      if (only != null) {
        store.evict(only, time);
      } else if (!evict(cache, types.match(key), time)) {
        break;
      }
    }
    observer.applied(cache.getName(), keys.size());
  }

  /** Returns whether there is something left that other keys could mean. */
  private static boolean evict(CoherentCache cache, KeyTypes.Matches matches, long time) {
    if (matches.unknownType()) {
      cache.clear(ClearReason.UNKNOWN_KEY_TYPE);
      return false;
    }
    for (Object key : matches.keys()) {
      cache.store().evict(key, time);
    }
    return true;
  }

  /** {@code a:b} is key b in cache a, and key a:b wherever keys are strings. */
  private void evictPrefixed(String text) {
    CoherentCache named = longestPrefix(text);
    if (named != null) {
      WireKey rest = WireKey.text(text.substring(named.getName().length() + 1));
      evict(named, List.of(rest), KeyTypes::matchOpen);
    }
    List<WireKey> whole = List.of(WireKey.text(text));
    for (CoherentCache cache : caches.values()) {
      if (!cache.localOnly()) {
        cache.store().hear();
        if (cache.types().usesStrings()) {
          evict(cache, whole, KeyTypes::match);
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
