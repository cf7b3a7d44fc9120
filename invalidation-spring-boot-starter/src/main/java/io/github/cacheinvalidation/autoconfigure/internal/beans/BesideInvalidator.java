package io.github.cacheinvalidation.autoconfigure.internal.beans;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.autoconfigure.internal.manager.NodeCaches;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.springframework.cache.Cache;

/**
 * The invalidator of an application where the cache manager of the node is beside another one.
 * Invalidates in the cache of the node, on all nodes, and removes from the caches of that name in
 * the cache managers of the application, on this node.
 */
final class BesideInvalidator implements CacheInvalidator {

  private final CacheInvalidator ofNode;

  private final NodeCaches caches;

  private final ApplicationCaches others;

  BesideInvalidator(DefaultInvalidationNode node, ApplicationCaches others) {
    this.ofNode = node.invalidator();
    this.caches = new NodeCaches(node.cacheManager());
    this.others = others;
  }

  @Override
  public void evict(String cache, Object key) {
    evictAll(cache, List.of(UnpublishedInvalidator.required(key, "key")));
  }

  /** The node is told also if another cache fails, such as one in Redis. */
  @Override
  public void evictAll(String cache, Collection<?> keys) {
    UnpublishedInvalidator.required(cache, "cache");
    Set<Object> distinct = UnpublishedInvalidator.distinct(keys);
    try {
      others(cache).forEach(each -> distinct.forEach(each::evict));
    } finally {
      ofNode.evictAll(cache, distinct);
    }
  }

  @Override
  public void clear(String cache) {
    UnpublishedInvalidator.required(cache, "cache");
    try {
      others(cache).forEach(Cache::clear);
    } finally {
      ofNode.clear(cache);
    }
  }

  private List<Cache> others(String name) {
    return others.named(name, cache -> !caches.include(cache));
  }
}
