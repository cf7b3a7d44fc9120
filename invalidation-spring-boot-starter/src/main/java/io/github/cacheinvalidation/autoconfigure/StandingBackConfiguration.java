package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.CacheInvalidator;
import java.util.function.UnaryOperator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.transaction.TransactionAwareCacheDecorator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Logs why there are no coherent caches, and serves code that injects a {@link CacheInvalidator}.
 * Imported after {@link CoherentCachingConfiguration}, so that the condition sees whether that
 * configuration applies.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(CoherentCachingConfiguration.class)
@Import(StandingBackRegistrar.class)
class StandingBackConfiguration {

  @Bean
  @ConditionalOnMissingBean
  CacheInvalidator cacheInvalidator(
      ObjectProvider<CacheManager> managers, StandingBackNotice notice) {
    return new UnpublishedInvalidator(managers, UnaryOperator.identity(), notice.reason());
  }

  /** Declared inside, so that its bean precedes the one above. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(TransactionSynchronizationManager.class)
  @ConditionalOnMissingBean(CacheInvalidator.class)
  static class TransactionConfiguration {

    @Bean
    CacheInvalidator cacheInvalidator(
        ObjectProvider<CacheManager> managers, StandingBackNotice notice) {
      return new UnpublishedInvalidator(
          managers, TransactionConfiguration::afterCommit, notice.reason());
    }

    /** A second decorator would register its synchronization too late to be called. */
    private static Cache afterCommit(Cache cache) {
      return cache instanceof TransactionAwareCacheDecorator
          ? cache
          : new TransactionAwareCacheDecorator(cache);
    }
  }
}
