package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.interceptor.AbstractCacheResolver;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.cache.support.CompositeCacheManager;
import org.springframework.cache.transaction.TransactionAwareCacheManagerProxy;
import org.springframework.util.function.SingletonSupplier;

/**
 * Finds the resolver of operations that name none, where Spring would: that of the application's
 * {@link CachingConfigurer}, else one over the configurer's manager, else one over the cache
 * manager bean. Looks when it is first needed, and asks the configurer once.
 */
final class CommonCacheResolver {

  private static final Logger log = LoggerFactory.getLogger(DefaultInvalidationNode.class);

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
   * Says once, at start, if the application's configurer brings a manager that the starter cannot
   * have seen, since it is no bean. It would have stood back for a bean.
   */
  void tellOfOtherManager() {
    CachingConfigurer configurer = told ? null : configurer();
    if (configurer != null
        && obtain() instanceof AbstractCacheResolver common
        && isOther(common.getCacheManager())) {
      told = true;
      log.warn(
          "The CachingConfigurer bean '{}' brings a cache manager that is no bean, a {}. Methods with"
              + " cache annotations use that manager, so no other node hears of their writes. Remove"
              + " cacheManager() and cacheResolver() from the configurer, or let them use the"
              + " CacheManager bean. To keep the other manager, declare it as a bean with"
              + " @Bean(defaultCandidate = false)",
          nameOf(CachingConfigurer.class, configurer),
          common.getCacheManager().getClass().getName());
    }
  }

  private boolean isOther(CacheManager manager) {
    return !(manager instanceof CoherentCacheManager)
        && nameOf(CacheManager.class, manager) == null
        && !showsCachesOfTheNode(manager);
  }

  /** Two managers of Spring stand in front of others, which shows only when they have caches. */
  private boolean showsCachesOfTheNode(CacheManager manager) {
    Collection<String> names = manager.getCacheNames();
    if (names.isEmpty()) {
      return manager instanceof TransactionAwareCacheManagerProxy
          || manager instanceof CompositeCacheManager;
    }
    CacheManager ofNode = beans.getBean(DefaultInvalidationNode.class).cacheManager();
    return names.stream()
        .filter(ofNode.getCacheNames()::contains)
        .anyMatch(name -> isSame(ofNode.getCache(name), manager.getCache(name)));
  }

  private static boolean isSame(@Nullable Cache one, @Nullable Cache other) {
    return one != null && other != null && one.getNativeCache() == other.getNativeCache();
  }

  /** Returns the name of a bean in this context or a parent. Makes no bean. */
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
