package io.github.cacheinvalidation.autoconfigure.internal.annotation;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.autoconfigure.internal.manager.NodeCaches;
import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.interceptor.AbstractCacheResolver;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.util.function.SingletonSupplier;

/**
 * Finds the resolver of operations that name none, as Spring does: the resolver of the {@link
 * CachingConfigurer}, or else one over the cache manager of the configurer, or else one over the
 * cache manager bean. The lookup happens at the first use, and asks the configurer once.
 */
final class CommonCacheResolver {

  private static final Logger log = LoggerFactory.getLogger(InvalidationNode.class);

  private final ConfigurableListableBeanFactory beans;

  private final SingletonSupplier<CacheResolver> resolver = SingletonSupplier.of(this::find);

  private boolean told;

  CommonCacheResolver(ConfigurableListableBeanFactory beans) {
    this.beans = beans;
  }

  CacheResolver obtain() {
    return resolver.obtain();
  }

  private @Nullable CachingConfigurer configurer() {
    return beans.getBeanProvider(CachingConfigurer.class).getIfAvailable();
  }

  private CacheResolver find() {
    CachingConfigurer configurer = configurer();
    if (configurer != null) {
      CacheResolver ofConfigurer = configurer.cacheResolver();
      if (ofConfigurer != null) {
        return ofConfigurer;
      }
      CacheManager manager = configurer.cacheManager();
      if (manager != null) {
        return new SimpleCacheResolver(manager);
      }
    }
    return new SimpleCacheResolver(beans.getBean(CacheManager.class));
  }

  /**
   * Logs once, at start, if the configurer uses a cache manager that is not a bean. The starter
   * cannot detect such a manager earlier; if it were a bean, another notice would name it.
   */
  void tellOfOtherManager() {
    CachingConfigurer configurer = told ? null : configurer();
    if (configurer != null
        && obtain() instanceof AbstractCacheResolver common
        && isOther(common.getCacheManager())) {
      told = true;
      log.warn(
          "The CachingConfigurer bean '{}' uses a cache manager that is not a bean, a {}. Methods"
              + " with cache annotations use that manager, so their writes are not published."
              + " Remove cacheManager() and cacheResolver() from the configurer, or let them use"
              + " the CacheManager bean. To keep the other manager, declare it as a bean with"
              + " @Bean(defaultCandidate = false)",
          nameOf(CachingConfigurer.class, configurer),
          common.getCacheManager().getClass().getName());
    }
  }

  private boolean isOther(CacheManager manager) {
    return !(manager instanceof CoherentCacheManager)
        && nameOf(CacheManager.class, manager) == null
        && !new NodeCaches(beans.getBean(DefaultInvalidationNode.class).cacheManager())
            .areShownBy(manager);
  }

  /** Returns the name of a bean in this context or a parent, or null. Creates no bean. */
  private @Nullable String nameOf(Class<?> type, Object bean) {
    BeanFactory factory = beans;
    while (factory instanceof ConfigurableListableBeanFactory context) {
      for (String name : context.getBeanNamesForType(type, true, false)) {
        if (context.getSingleton(name) == bean) {
          return name;
        }
      }
      factory = context.getParentBeanFactory();
    }
    return null;
  }
}
