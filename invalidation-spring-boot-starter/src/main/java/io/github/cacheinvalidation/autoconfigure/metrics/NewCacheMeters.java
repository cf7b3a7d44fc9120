package io.github.cacheinvalidation.autoconfigure.metrics;

import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.cache.metrics.CacheMetricsRegistrar;
import org.springframework.cache.Cache;

/** Binds each cache to the cache meters of Spring Boot as soon as the cache is created. */
final class NewCacheMeters implements SmartInitializingSingleton {

  private final DefaultInvalidationNode node;

  private final CacheMetricsRegistrar registrar;

  private final MeterRegistry registry;

  private final Tag manager;

  NewCacheMeters(
      DefaultInvalidationNode node,
      CacheMetricsRegistrar registrar,
      MeterRegistry registry,
      String manager) {
    this.node = node;
    this.registrar = registrar;
    this.registry = registry;
    this.manager = Tag.of("cache.manager", manager);
  }

  @Override
  public void afterSingletonsInstantiated() {
    CoherentCacheManager caches = node.cacheManager();
    caches.onCreation(this::bind);
    for (String name : caches.getCacheNames()) {
      Cache cache = caches.getCache(name);
      if (cache != null && !isBound(name)) {
        bind(cache);
      }
    }
  }

  /** Another cache manager may have a cache of that name. */
  private boolean isBound(String name) {
    return registry
            .find("cache.size")
            .tag("cache", name)
            .tag(manager.getKey(), manager.getValue())
            .meter()
        != null;
  }

  private void bind(Cache cache) {
    registrar.bindCacheToRegistry(cache, manager);
  }
}
