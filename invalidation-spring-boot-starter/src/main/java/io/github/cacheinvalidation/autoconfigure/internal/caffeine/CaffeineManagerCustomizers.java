package io.github.cacheinvalidation.autoconfigure.internal.caffeine;

import io.github.cacheinvalidation.InvalidationNode;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer;
import org.springframework.cache.caffeine.CaffeineCache;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.core.ParameterizedTypeReference;

/**
 * Applies the customizers of {@link CaffeineCacheManager}, so that what they set can be applied to
 * the caches of the node. Logs once what cannot.
 */
public final class CaffeineManagerCustomizers {

  private static final Logger log = LoggerFactory.getLogger(InvalidationNode.class);

  private CaffeineManagerCustomizers() {}

  /** Returns what the customizers have set. */
  public static RecordingCaffeineManager apply(ConfigurableListableBeanFactory beans) {
    RecordingCaffeineManager manager = new RecordingCaffeineManager();
    beans
        .getBeanProvider(
            new ParameterizedTypeReference<CacheManagerCustomizer<CaffeineCacheManager>>() {})
        .orderedStream()
        .forEach(customizer -> customizer.customize(manager));
    tellOfUnused(manager.unused());
    tellOfLocal(manager.customCaches().stream().map(CaffeineCache::getName).toList());
    return manager;
  }

  private static void tellOfUnused(Set<String> methods) {
    if (!methods.isEmpty()) {
      log.warn(
          "Calls of {} in CacheManagerCustomizer<CaffeineCacheManager> beans have no effect. Values"
              + " that Caffeine loads by itself could not be kept coherent, so load with @Cacheable"
              + " or cache.get(key, loader); methods that return futures work without the"
              + " asynchronous mode; caches are created at their first use. Remove these calls",
          methods);
    }
  }

  private static void tellOfLocal(List<String> caches) {
    if (!caches.isEmpty()) {
      log.warn(
          "The caches {} are those that a CacheManagerCustomizer has registered with"
              + " registerCustomCache: they neither publish nor receive writes. To make such a"
              + " cache coherent, remove the call, declare its Caffeine builder as a bean, and name"
              + " the bean in invalidation.caches.{}.caffeine",
          caches,
          caches.get(0));
    }
  }
}
