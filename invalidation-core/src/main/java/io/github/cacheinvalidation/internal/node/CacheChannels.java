package io.github.cacheinvalidation.internal.node;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which caches of a node use a cache channel instead of the node's own, and the watermark of each
 * channel. Without cache channels, the watermark of the own channel is that of the node.
 */
final class CacheChannels {

  private final Map<String, String> byCache;

  private final CoherenceWatermark ofNode;

  private final CoherenceWatermark own;

  private final Map<String, CoherenceWatermark> watermarks = new TreeMap<>();

  /**
   * Creates the watermarks.
   *
   * @param byCache the names of the cache channels by the names of their caches
   * @param nanos the time at which the node begins to hold entries
   */
  CacheChannels(Map<String, String> byCache, long nanos) {
    this.byCache = Map.copyOf(byCache);
    this.ofNode = new CoherenceWatermark(nanos);
    Set<String> names = new TreeSet<>(byCache.values());
    if (names.isEmpty()) {
      own = ofNode;
    } else {
      Iterator<CoherenceWatermark> parts = ofNode.split(1 + names.size()).iterator();
      own = parts.next();
      names.forEach(name -> watermarks.put(name, parts.next()));
    }
  }

  /** Returns the names of the cache channels by the names of their caches. */
  Map<String, String> byCache() {
    return byCache;
  }

  /** Returns the time up to which all caches are known to be coherent. */
  CoherenceWatermark ofNode() {
    return ofNode;
  }

  /** Returns the watermark of the caches of the own channel. */
  CoherenceWatermark own() {
    return own;
  }

  /** Returns the watermarks of the other caches by the names of their channels. */
  Map<String, CoherenceWatermark> others() {
    return watermarks;
  }

  /** Returns the watermark of a cache. */
  CoherenceWatermark of(String cache) {
    String channel = byCache.get(cache);
    return channel == null ? own : watermarks.getOrDefault(channel, own);
  }

  /** Returns whether a cache uses the own channel. */
  boolean isOfOwn(String cache) {
    return !byCache.containsKey(cache);
  }

  /** Returns which caches use a cache channel. */
  Predicate<String> isOf(String channel) {
    return cache -> channel.equals(byCache.get(cache));
  }

  /**
   * Closes a channel that lacks a cache channel, and refuses it: writes would stay here.
   *
   * @throws IllegalStateException if one is missing
   */
  void require(Channel opened) {
    Set<String> missing = new TreeSet<>(watermarks.keySet());
    missing.removeAll(opened.cacheChannels().keySet());
    if (!missing.isEmpty()) {
      opened.close();
      throw new IllegalStateException(
          "'channel' must open the cache channels "
              + watermarks.keySet()
              + " but did not open "
              + missing);
    }
  }
}
