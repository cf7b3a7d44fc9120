package io.github.cacheinvalidation.benchmarks;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.SimpleCacheManager;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.IntUnaryOperator;

/**
 * JetCache, configured as in {@link JetCacheFleet} and used as {@code @Cached} and
 * {@code @CacheInvalidate} use it: a missing value is computed, and a write removes the key.
 */
final class JetCacheReplicas implements Replicas {

  private final Freshness source;
  private final List<SimpleCacheManager> managers = new ArrayList<>();
  private final List<Cache<Object, Object>> caches = new ArrayList<>();

  JetCacheReplicas(Server server, Freshness source, int nodes, IntUnaryOperator ports) {
    this.source = source;
    String name = "staleness-" + UUID.randomUUID();
    for (int i = 0; i < nodes; i++) {
      SimpleCacheManager manager = JetCacheFleet.manager(server.client(ports.applyAsInt(i)), name);
      managers.add(manager);
      caches.add(JetCacheFleet.cache(manager, name));
    }
  }

  @Override
  public long read(int node, int key) {
    return (Long) caches.get(node).computeIfAbsent(key, missing -> source.load(key));
  }

  @Override
  public void written(int node, int key) {
    caches.get(node).remove(key);
  }

  @Override
  public void close() {
    managers.forEach(SimpleCacheManager::close);
  }
}
