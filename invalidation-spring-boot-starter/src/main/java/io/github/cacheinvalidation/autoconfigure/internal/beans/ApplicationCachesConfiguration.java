package io.github.cacheinvalidation.autoconfigure.internal.beans;

import java.util.function.UnaryOperator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.transaction.TransactionAwareCacheDecorator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Finds the caches of the application for an invalidator that also removes from these. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(DefaultManagerConfiguration.class)
class ApplicationCachesConfiguration {

  @Bean
  @ConditionalOnMissingBean
  ApplicationCaches invalidationApplicationCaches(ObjectProvider<CacheManager> managers) {
    return new ApplicationCaches(managers, UnaryOperator.identity());
  }

  /** Declared inside, so that its bean precedes the one above. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(TransactionSynchronizationManager.class)
  static class TransactionConfiguration {

    /** Inside a transaction, removals take place after its commit. */
    @Bean
    ApplicationCaches invalidationApplicationCaches(ObjectProvider<CacheManager> managers) {
      return new ApplicationCaches(managers, TransactionConfiguration::afterCommit);
    }

    /** A second decorator would register its synchronization too late to be called. */
    private static Cache afterCommit(Cache cache) {
      return cache instanceof TransactionAwareCacheDecorator
          ? cache
          : new TransactionAwareCacheDecorator(cache);
    }
  }
}
