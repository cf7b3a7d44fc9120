package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.cache.CacheInvalidator;
import io.github.cacheinvalidation.cache.CoherentCacheManager;
import io.github.cacheinvalidation.node.InvalidationNode;
import jakarta.persistence.EntityManager;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.beans.factory.BeanFactoryInitializer;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.cache.autoconfigure.CacheProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;
import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;
import org.springframework.transaction.ConfigurableTransactionManager;

/** The node, its caches, and what ties both to Spring's caching. */
@Configuration(proxyBeanMethods = false)
@Conditional(OnCaffeineCacheType.class)
@ConditionalOnMissingBean(CacheManager.class)
@EnableConfigurationProperties({InvalidationProperties.class, CacheProperties.class})
class CoherentCachingConfiguration {

  @Bean
  @ConditionalOnMissingBean
  InvalidationNode invalidationNode(
      InvalidationProperties properties,
      CacheProperties cacheProperties,
      Environment environment,
      ConfigurableListableBeanFactory beans) {
    return new NodeFactory(properties, cacheProperties, environment, beans).create();
  }

  @Bean
  CoherentCacheManager cacheManager(InvalidationNode node) {
    return node.cacheManager();
  }

  @Bean
  @ConditionalOnMissingBean
  CacheInvalidator cacheInvalidator(InvalidationNode node) {
    return node.invalidator();
  }

  @Bean
  NodeLifecycle invalidationNodeLifecycle(
      InvalidationNode node, InvalidationProperties properties) {
    return new NodeLifecycle(node, properties.isEnabled());
  }

  /**
   * Makes the node before the beans of the application, so that it can join while they are made and
   * what they load is kept.
   */
  @Bean
  static BeanFactoryInitializer<ListableBeanFactory> invalidationNodeInitializer() {
    return beans -> beans.getBeanProvider(InvalidationNode.class).getIfUnique();
  }

  @Bean
  static CacheAspectPostProcessor invalidationCacheAspectPostProcessor(
      ObjectProvider<CachingConfigurer> configurers, ObjectProvider<CacheManager> managers) {
    return new CacheAspectPostProcessor(configurers, managers);
  }

  /** Caching for an application that has not asked for it. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingBean(CacheAspectSupport.class)
  @EnableCaching
  static class CachingConfiguration {}

  /** What listens to transactions. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(ConfigurableTransactionManager.class)
  static class TransactionConfiguration {

    @Bean
    static TransactionListenerPostProcessor invalidationTransactionListenerPostProcessor(
        ObjectProvider<PersistenceContextSupport> contexts) {
      return new TransactionListenerPostProcessor(contexts);
    }

    @Bean
    ReactiveTransactionCheck invalidationReactiveTransactionCheck(
        ConfigurableListableBeanFactory beans) {
      return new ReactiveTransactionCheck(beans);
    }
  }

  /** What knows the persistence contexts that are older than a transaction. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({EntityManager.class, AbstractEntityManagerFactoryBean.class})
  @ImportRuntimeHints(VendorAdapterHints.class)
  static class PersistenceConfiguration {

    @Bean
    static PersistenceContextPostProcessor invalidationPersistenceContextPostProcessor() {
      return new PersistenceContextPostProcessor();
    }
  }

  /** Lets a native image watch vendor adapters. */
  static class VendorAdapterHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
      hints
          .proxies()
          .registerJdkProxy(TypeReference.of("org.springframework.orm.jpa.JpaVendorAdapter"));
    }
  }
}
