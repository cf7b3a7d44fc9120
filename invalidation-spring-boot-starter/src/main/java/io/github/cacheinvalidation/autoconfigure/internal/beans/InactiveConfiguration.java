package io.github.cacheinvalidation.autoconfigure.internal.beans;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.autoconfigure.internal.manager.CacheManagerBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Serves an application whose caches are switched off: code that injects a {@link CacheInvalidator}
 * or names the cache manager of the node works and caches nothing. Imported after {@link
 * CoherentCachingConfiguration}, so that the condition sees whether that configuration applies.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(CoherentCachingConfiguration.class)
@Import(NotDefaultReasonRegistrar.class)
class InactiveConfiguration {

  @Bean
  InactiveNotice invalidationInactiveNotice(NotDefaultReason reason) {
    return new InactiveNotice(reason);
  }

  @Bean(name = CacheManagerBean.NAME, defaultCandidate = false)
  NoOpCacheManager invalidationCacheManager() {
    return new NoOpCacheManager();
  }

  @Bean
  @ConditionalOnMissingBean
  CacheInvalidator cacheInvalidator(ApplicationCaches present, InactiveNotice notice) {
    return new UnpublishedInvalidator(present, notice.reason());
  }
}
