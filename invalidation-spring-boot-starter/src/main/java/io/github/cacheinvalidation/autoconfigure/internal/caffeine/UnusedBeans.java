package io.github.cacheinvalidation.autoconfigure.internal.caffeine;

import com.github.benmanes.caffeine.cache.CacheLoader;
import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer;
import org.springframework.cache.CacheManager;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.core.ResolvableType;

/**
 * Finds beans that configure the caches of Spring Boot but cannot configure the caches of the node:
 * loaders, and customizers of other cache managers.
 */
public final class UnusedBeans {

  private static final Logger log = LoggerFactory.getLogger(InvalidationNode.class);

  private UnusedBeans() {}

  /** Logs which beans are not used, and the remedy. */
  public static void tell(ListableBeanFactory beans) {
    Set<String> loaders = namesOf(beans, CacheLoader.class);
    if (!loaders.isEmpty()) {
      log.warn(
          "The CacheLoader beans {} are not used: values that Caffeine loads by itself cannot be"
              + " kept coherent. Load with @Cacheable or cache.get(key, loader), and remove these"
              + " beans",
          loaders);
    }
    Set<String> customizers = namesOf(beans, CacheManagerCustomizer.class);
    customizers.removeIf(
        name ->
            customizes(beans, name, CacheManager.class)
                || customizes(beans, name, CaffeineCacheManager.class)
                || customizes(beans, name, CoherentCacheManager.class));
    if (!customizers.isEmpty()) {
      log.warn(
          "The CacheManagerCustomizer beans {} are not used: they are for another type of cache"
              + " manager. Use spring.cache.*, invalidation.caches.*, or a Caffeine bean, and"
              + " remove these beans",
          customizers);
    }
  }

  private static boolean customizes(
      ListableBeanFactory beans, String name, Class<? extends CacheManager> manager) {
    return beans.isTypeMatch(
        name, ResolvableType.forClassWithGenerics(CacheManagerCustomizer.class, manager));
  }

  private static Set<String> namesOf(ListableBeanFactory beans, Class<?> type) {
    return new TreeSet<>(Set.of(beans.getBeanNamesForType(type, true, false)));
  }
}
