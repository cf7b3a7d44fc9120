package io.github.cacheinvalidation.autoconfigure.internal.beans;

import io.github.cacheinvalidation.autoconfigure.internal.annotation.DeclaredOperations;
import io.github.cacheinvalidation.autoconfigure.internal.manager.CacheManagerBean;
import io.github.cacheinvalidation.autoconfigure.internal.manager.OtherManagers;
import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.util.List;
import org.slf4j.Logger;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheOperation;

/**
 * Runs at start if the cache manager of the node is beside another one. Creates the caches of the
 * methods that name this cache manager. So bad settings stop the start, and the node is started
 * with the application. Logs once which caches do not receive the writes of other nodes, and
 * whether annotated methods are cached at all.
 */
final class BesideStart implements SmartInitializingSingleton {

  private static final Logger log = StarterLog.get();

  private final DefaultInvalidationNode node;

  private final NotDefaultReason reason;

  private final ConfigurableListableBeanFactory beans;

  BesideStart(
      DefaultInvalidationNode node,
      NotDefaultReason reason,
      ConfigurableListableBeanFactory beans) {
    this.node = node;
    this.reason = reason;
    this.beans = beans;
  }

  @Override
  public void afterSingletonsInstantiated() {
    CoherentCacheManager caches = node.cacheManager();
    for (CacheOperation operation : DeclaredOperations.in(beans)) {
      if (CacheManagerBean.NAME.equals(operation.getCacheManager())) {
        operation.getCacheNames().forEach(caches::getCache);
      }
    }
    OtherManagers others = new OtherManagers(beans, caches);
    List<String> names = others.withCaches();
    boolean showOnlyCachesOfTheNode = names.isEmpty() && !others.isEmpty();
    if (showOnlyCachesOfTheNode && isCachingOn()) {
      return;
    }
    log.warn(
        "{}, because {}. Where a cache should receive the writes of all nodes, name the cache"
            + " manager of the starter, as in @Cacheable(cacheManager = \"{}\"). To make that the"
            + " default one, {}{}",
        names.isEmpty()
            ? "The starter provides no default cache manager"
            : "The caches of the cache managers " + names + " receive no writes of other nodes",
        reason.cause(),
        CacheManagerBean.NAME,
        reason.remedy(),
        isCachingOn()
            ? ""
            : ". Annotated methods are not cached, because no @EnableCaching is in effect. Add it,"
                + " or set "
                + CachingDecision.PROPERTY
                + " to true");
  }

  private boolean isCachingOn() {
    return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(
                beans, CacheAspectSupport.class, true, false)
            .length
        > 0;
  }
}
