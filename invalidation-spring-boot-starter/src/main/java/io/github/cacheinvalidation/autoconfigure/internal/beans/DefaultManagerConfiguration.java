package io.github.cacheinvalidation.autoconfigure.internal.beans;

import io.github.cacheinvalidation.autoconfigure.internal.lifecycle.EarlyStart;
import io.github.cacheinvalidation.autoconfigure.internal.manager.CacheManagerBean;
import io.github.cacheinvalidation.autoconfigure.internal.manager.OtherManagersNotice;
import io.github.cacheinvalidation.autoconfigure.internal.provider.ReplacedManagerNotice;
import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizers;
import org.springframework.cache.CacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Makes the cache manager of the node the default one of the application. */
@Configuration(proxyBeanMethods = false)
@Conditional({
  OnNodeWanted.class,
  OnCaffeineCacheType.class,
  OnNoOtherProvider.class,
  OnCachingDecision.class
})
@ConditionalOnMissingBean(CacheManager.class)
class DefaultManagerConfiguration {

  @Bean({CacheManagerBean.DEFAULT_NAME, CacheManagerBean.NAME})
  @ConditionalOnMissingBean(name = CacheManagerBean.DEFAULT_NAME)
  CoherentCacheManager cacheManager(
      DefaultInvalidationNode node, ObjectProvider<CacheManagerCustomizer<?>> customizers) {
    return customized(node, customizers);
  }

  /** Used if a bean of the application that is no default candidate has the other name. */
  @Bean(CacheManagerBean.NAME)
  @ConditionalOnMissingBean(CoherentCacheManager.class)
  CoherentCacheManager invalidationCacheManager(
      DefaultInvalidationNode node, ObjectProvider<CacheManagerCustomizer<?>> customizers) {
    return customized(node, customizers);
  }

  private static CoherentCacheManager customized(
      DefaultInvalidationNode node, ObjectProvider<CacheManagerCustomizer<?>> customizers) {
    return new CacheManagerCustomizers(customizers.orderedStream().toList())
        .customize(CacheManagerBean.of(node));
  }

  @Bean
  static EarlyStart invalidationNodeInitializer() {
    return new EarlyStart();
  }

  @Bean
  OtherManagersNotice invalidationOtherManagersNotice(
      DefaultInvalidationNode node, ConfigurableListableBeanFactory beans) {
    return new OtherManagersNotice(node, beans);
  }

  @Bean
  ReplacedManagerNotice invalidationReplacedManagerNotice(
      ConfigurableListableBeanFactory beans, Environment environment) {
    return new ReplacedManagerNotice(beans, environment);
  }
}
