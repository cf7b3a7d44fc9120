package io.github.cacheinvalidation.internal.cache;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.message.Message;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import io.github.cacheinvalidation.internal.receiver.LocalCaches;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Applies messages to the existing caches. A message never creates a cache; {@link ListeningCaches}
 * records when a message named an unknown cache. Messages do not affect local-only caches. A
 * message is applied to each cache that it names, also to one of another channel: an eviction too
 * many is never wrong, and it is needed while a cache moves to another channel.
 */
final class CoherentLocalCaches implements LocalCaches {

  /** The keys per batch: few enough to stay in the processor's cache until their removal. */
  private static final int AT_A_STRETCH = 64;

  private final ListeningCaches caches;

  private final InvalidationObserver observer;

  private final MessageEventListener listener;

  /** Whether a cache of this name is cleared when messages of the channel may be lost. */
  private final Predicate<String> ofChannel;

  /**
   * The message that is applied.
   *
   * @param origin the node that sent it; null for another program
   * @param elsewhere the caches that the sender publishes on a channel of theirs
   * @param cleared the caches that it has cleared
   */
  private record Pass(@Nullable String origin, Set<String> elsewhere, Set<CoherentCache> cleared) {}

  CoherentLocalCaches(ListeningCaches caches, InvalidationObserver observer) {
    this(caches, observer, MessageEventListener.NONE, cache -> true);
  }

  CoherentLocalCaches(
      ListeningCaches caches,
      InvalidationObserver observer,
      MessageEventListener listener,
      Predicate<String> ofChannel) {
    this.caches = caches;
    this.observer = observer;
    this.listener = listener;
    this.ofChannel = ofChannel;
  }

  @Override
  public MessageEventListener listener() {
    return listener;
  }

  @Override
  public void apply(List<Invalidation<WireKey>> invalidations) {
    apply(null, Set.of(), invalidations);
  }

  @Override
  public void apply(Message message) {
    String origin = message.origin();
    apply(origin, message.elsewhere(), message.invalidations());
    if (origin != null && !message.settings().isEmpty()) {
      listener.settings(origin, message.settings());
    }
  }

  private void apply(
      @Nullable String origin, Set<String> elsewhere, List<Invalidation<WireKey>> invalidations) {
    Pass pass = new Pass(origin, elsewhere, new HashSet<>());
    for (Invalidation<WireKey> each : invalidations) {
      apply(each, pass);
    }
  }

  @Override
  public void clearAll(ClearReason reason) {
    for (CoherentCache cache : caches.all()) {
      if (isOfChannel(cache)) {
        cache.clear(reason);
      }
    }
  }

  @Override
  public void markSuspect(long confirmedNanos) {
    for (CoherentCache cache : caches.all()) {
      if (isOfChannel(cache)) {
        cache.store().markSuspect(confirmedNanos);
      }
    }
  }

  private boolean isOfChannel(CoherentCache cache) {
    return !cache.localOnly() && ofChannel.test(cache.getName());
  }

  /**
   * Applies one invalidation of a message. A clear replaces the whole state and costs far more than
   * the few bytes that request it, so a message clears a cache only once.
   */
  private void apply(Invalidation<WireKey> invalidation, Pass pass) {
    if (invalidation instanceof Invalidation.Keys<WireKey> keys) {
      int count = WireKey.count(keys.keys());
      evict(listening(keys, pass), keys.keys(), count, CoherentLocalCaches::matchTyped, pass);
    } else if (invalidation instanceof Invalidation.OpenKeys<WireKey> keys) {
      List<WireKey> open = keys.keys();
      evict(listening(keys, pass), open, open.size(), CoherentLocalCaches::matchOpen, pass);
    } else if (invalidation instanceof Invalidation.Newer<WireKey> newer) {
      clear(listening(newer, pass), ClearReason.NEWER_FORMAT, pass);
    } else if (invalidation instanceof Invalidation.OfCache<WireKey> whole) {
      clear(listening(whole, pass), ClearReason.INVALIDATED, pass);
    } else if (invalidation instanceof Invalidation.Everything<WireKey>) {
      for (CoherentCache cache : caches.all()) {
        clear(cache.localOnly() ? null : cache, ClearReason.INVALIDATED, pass);
      }
    } else if (invalidation instanceof Invalidation.Prefixed<WireKey> prefixed) {
      evictPrefixed(prefixed.text(), pass);
    }
  }

  private void evict(
      @Nullable CoherentCache cache,
      Collection<WireKey> keys,
      int count,
      Matching matching,
      Pass pass) {
    if (cache == null) {
      return;
    }
    if (!pass.cleared().contains(cache)) {
      KeyTypes types = cache.types();
      long time = cache.store().hear();
      List<Object> stale = new ArrayList<>(count);
      boolean known = true;
      Iterator<WireKey> each = keys.iterator();
      while (known && each.hasNext()) {
        known = matching.addTo(stale, types, each.next());
      }
      if (known) {
        listener.compared(pass.origin(), cache.getName(), keys, types, !stale.isEmpty());
        int evicted = evictAll(cache, stale, time);
        listener.evicted(pass.origin(), cache.getName(), keys, count, evicted);
      } else {
        clear(cache, ClearReason.UNKNOWN_KEY_TYPE, pass);
      }
    }
    observer.applied(cache.getName(), count);
  }

  /** Returns how many entries were removed. */
  private static int evictAll(CoherentCache cache, List<Object> stale, long time) {
    int evicted = 0;
    try {
      for (int from = 0; from < stale.size(); from += AT_A_STRETCH) {
        int to = Math.min(from + AT_A_STRETCH, stale.size());
        evicted += cache.store().evictAll(stale.subList(from, to), time);
      }
      return evicted;
    } catch (RuntimeException | Error broken) { // thrown by a key of the application
      cache.clear(ClearReason.UNKNOWN_KEY_TYPE);
      throw broken;
    }
  }

  /** Adds all keys that a wire key can mean; returns false if it can also be of an unknown type. */
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

  /** {@code a:b} is key b of cache a, and key a:b of every cache with string keys. */
  private void evictPrefixed(String text, Pass pass) {
    CoherentCache named = longestPrefix(text);
    if (named != null) {
      WireKey rest = WireKey.text(text.substring(named.getName().length() + 1));
      evict(named, List.of(rest), 1, CoherentLocalCaches::matchOpen, pass);
    }
    List<WireKey> whole = List.of(WireKey.text(text));
    for (CoherentCache cache : caches.all()) {
      if (!cache.localOnly()) {
        cache.store().hear();
        if (cache.types().usesStrings()) {
          evict(cache, whole, 1, CoherentLocalCaches::matchTyped, pass);
        }
      }
    }
  }

  /** Searches the cache names, not the prefixes of the text, which can have a million colons. */
  private @Nullable CoherentCache longestPrefix(String text) {
    CoherentCache longest = null;
    for (CoherentCache cache : caches.all()) {
      if (!cache.localOnly()
          && isBeforeAColon(cache.getName(), text)
          && (longest == null || cache.getName().length() > longest.getName().length())) {
        longest = cache;
      }
    }
    return longest;
  }

  private static boolean isBeforeAColon(String name, String text) {
    int end = name.length();
    return end > 0 && end < text.length() && text.charAt(end) == ':' && text.startsWith(name);
  }

  /** An unknown cache of a cache channel is no defect: all nodes get a notice of such a cache. */
  private @Nullable CoherentCache listening(Invalidation.OfCache<WireKey> named, Pass pass) {
    CoherentCache cache = caches.find(named.cache());
    if (cache == null || cache.localOnly()) {
      if (!pass.elsewhere().contains(named.cache())) {
        listener.unknownCache(pass.origin(), named.cache());
      }
      return null;
    }
    return cache;
  }

  private void clear(@Nullable CoherentCache cache, ClearReason reason, Pass pass) {
    if (cache != null && pass.cleared().add(cache)) {
      long held = cache.store().entries().estimatedSize();
      cache.clear(reason);
      listener.cleared(pass.origin(), cache.getName(), held);
    }
  }
}
