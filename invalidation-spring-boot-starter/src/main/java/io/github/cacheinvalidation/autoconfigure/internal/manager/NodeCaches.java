package io.github.cacheinvalidation.autoconfigure.internal.manager;

import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.support.CompositeCacheManager;
import org.springframework.cache.transaction.TransactionAwareCacheManagerProxy;

/** Tells the caches of the node from other caches, also behind decorators. */
public final class NodeCaches {

  private final CoherentCacheManager ofNode;

  public NodeCaches(CoherentCacheManager ofNode) {
    this.ofNode = ofNode;
  }

  /** Returns whether a cache of any cache manager is a cache of the node. Creates no cache. */
  public boolean include(@Nullable Cache cache) {
    if (cache == null || !ofNode.getCacheNames().contains(cache.getName())) {
      return false;
    }
    Cache own = ofNode.getCache(cache.getName());
    return own != null && own.getNativeCache() == cache.getNativeCache();
  }

  /**
   * Returns whether a manager shows caches of the node. Two cache managers of Spring delegate to
   * other managers; while those have no caches, only their type shows it.
   */
  public boolean areShownBy(CacheManager manager) {
    Collection<String> names = manager.getCacheNames();
    return names.isEmpty()
        ? manager instanceof TransactionAwareCacheManagerProxy
            || manager instanceof CompositeCacheManager
        : names.stream().anyMatch(name -> include(manager.getCache(name)));
  }

  /** Returns the names of the present caches of a manager that are not caches of the node. */
  List<String> othersOf(CacheManager manager) {
    return manager.getCacheNames().stream()
        .filter(name -> !include(manager.getCache(name)))
        .sorted()
        .toList();
  }
}
