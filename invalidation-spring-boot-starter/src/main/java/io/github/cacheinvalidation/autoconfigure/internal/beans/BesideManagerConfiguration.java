package io.github.cacheinvalidation.autoconfigure.internal.beans;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.autoconfigure.internal.manager.CacheManagerBean;
import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Puts the cache manager of the node beside another one, which stays the default of the
 * application. Imported before {@link CoherentCachingConfiguration}, whose invalidator is for the
 * caches of the node alone.
 */
@Configuration(proxyBeanMethods = false)
@Conditional({OnNodeWanted.class, OnCachingDecision.class})
@ConditionalOnMissingBean(DefaultManagerConfiguration.class)
@Import(NotDefaultReasonRegistrar.class)
class BesideManagerConfiguration {

  @Bean(name = CacheManagerBean.NAME, defaultCandidate = false)
  CoherentCacheManager invalidationCacheManager(DefaultInvalidationNode node) {
    return CacheManagerBean.of(node);
  }

  @Bean
  @ConditionalOnMissingBean
  CacheInvalidator cacheInvalidator(DefaultInvalidationNode node, ApplicationCaches others) {
    return new BesideInvalidator(node, others);
  }

  @Bean
  BesideStart invalidationBesideStart(
      DefaultInvalidationNode node,
      NotDefaultReason reason,
      ConfigurableListableBeanFactory beans) {
    return new BesideStart(node, reason, beans);
  }
}
