package io.github.cacheinvalidation.autoconfigure.internal.beans;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.InvalidationGroupHandler;
import io.github.cacheinvalidation.autoconfigure.InvalidationProperties;
import io.github.cacheinvalidation.autoconfigure.internal.annotation.CacheAspectPostProcessor;
import io.github.cacheinvalidation.autoconfigure.internal.annotation.JCacheAnnotations;
import io.github.cacheinvalidation.autoconfigure.internal.annotation.LateCacheAspects;
import io.github.cacheinvalidation.autoconfigure.internal.event.InvalidationEvents;
import io.github.cacheinvalidation.autoconfigure.internal.lifecycle.GroupHandlersLifecycle;
import io.github.cacheinvalidation.autoconfigure.internal.lifecycle.JudgeLifecycle;
import io.github.cacheinvalidation.autoconfigure.internal.lifecycle.NodeLifecycle;
import io.github.cacheinvalidation.autoconfigure.internal.manager.CacheManagerBean;
import io.github.cacheinvalidation.autoconfigure.internal.manager.SizeMeterProvider;
import io.github.cacheinvalidation.autoconfigure.internal.settings.NodeSettings;
import io.github.cacheinvalidation.autoconfigure.internal.settings.UnknownSettings;
import io.github.cacheinvalidation.autoconfigure.internal.transaction.PersistenceContextPostProcessor;
import io.github.cacheinvalidation.autoconfigure.internal.transaction.PersistenceContextSupport;
import io.github.cacheinvalidation.autoconfigure.internal.transaction.ReactiveTransactionCheck;
import io.github.cacheinvalidation.autoconfigure.internal.transaction.TransactionListenerPostProcessor;
import io.github.cacheinvalidation.autoconfigure.internal.transport.RedisServerProperties;
import io.github.cacheinvalidation.autoconfigure.internal.transport.TransportChoice;
import io.github.cacheinvalidation.autoconfigure.internal.transport.Transports;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.persistence.EntityManager;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.cache.autoconfigure.CacheProperties;
import org.springframework.boot.cache.metrics.CacheMeterBinderProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;
import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;
import org.springframework.transaction.ConfigurableTransactionManager;

/** The beans of the node and its caches, and their integration with Spring caching. */
@Configuration(proxyBeanMethods = false)
@Conditional({OnNodeWanted.class, OnCachingDecision.class})
@EnableConfigurationProperties({InvalidationProperties.class, CacheProperties.class})
class CoherentCachingConfiguration {

  @Bean
  NodeSettings invalidationNodeSettings(
      InvalidationProperties properties, Environment environment) {
    return new NodeSettings(properties, environment);
  }

  @Bean
  @ConditionalOnMissingBean
  DefaultInvalidationNode invalidationNode(
      InvalidationProperties properties,
      CacheProperties cacheProperties,
      NodeSettings settings,
      TransportChoice transport,
      ConfigurableListableBeanFactory beans) {
    return new NodeFactory(properties, cacheProperties, settings, transport, beans).create();
  }

  @Bean
  TransportChoice invalidationTransportChoice(NodeSettings settings) {
    return new TransportChoice(settings);
  }

  @Bean
  @ConditionalOnMissingBean
  CacheInvalidator cacheInvalidator(DefaultInvalidationNode node) {
    return node.invalidator();
  }

  @Bean
  NodeLifecycle invalidationNodeLifecycle(
      DefaultInvalidationNode node,
      InvalidationProperties properties,
      ConfigurableListableBeanFactory beans) {
    return new NodeLifecycle(node, properties.isEnabled(), CacheManagerBean.isDefaultIn(beans));
  }

  @Bean
  GroupHandlersLifecycle invalidationGroupHandlersLifecycle(
      DefaultInvalidationNode node,
      ObjectProvider<InvalidationGroupHandler> handlers,
      InvalidationProperties properties) {
    return new GroupHandlersLifecycle(node, handlers, properties);
  }

  @Bean
  JudgeLifecycle invalidationJudgeLifecycle(
      DefaultInvalidationNode node,
      InvalidationProperties properties,
      Environment environment,
      ConfigurableListableBeanFactory beans) {
    return new JudgeLifecycle(node, properties, environment, beans);
  }

  @Bean(name = CacheAspectPostProcessor.BEAN_NAME)
  static CacheAspectPostProcessor invalidationCacheAspectPostProcessor(
      ConfigurableListableBeanFactory beans) {
    return new CacheAspectPostProcessor(beans);
  }

  @Bean
  LateCacheAspects invalidationLateCacheAspects(
      ConfigurableListableBeanFactory beans, CacheAspectPostProcessor aspects) {
    return new LateCacheAspects(beans, aspects);
  }

  @Bean
  UnknownSettings invalidationUnknownSettings(
      DefaultInvalidationNode node,
      InvalidationProperties properties,
      Environment environment,
      ConfigurableListableBeanFactory beans) {
    return new UnknownSettings(node, properties, environment, beans);
  }

  @Bean
  InvalidationEvents invalidationEvents(ApplicationContext context) {
    return new InvalidationEvents(context);
  }

  @Bean
  JCacheAnnotations invalidationJCacheAnnotations(ConfigurableListableBeanFactory beans) {
    return new JCacheAnnotations(beans);
  }

  /** Switches on caching if the application has not. */
  @Configuration(proxyBeanMethods = false)
  @Conditional(OnCachingOfStarter.class)
  @ConditionalOnMissingBean(CacheAspectSupport.class)
  @EnableCaching
  static class CachingConfiguration {}

  /**
   * Prevents the Micrometer warning about caches without statistics. Declared here, before the
   * provider of Spring Boot, because providers are asked in the order of their definitions.
   */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({MeterBinder.class, CacheMeterBinderProvider.class})
  static class CacheMeterConfiguration {

    @Bean
    SizeMeterProvider invalidationSizeMeterProvider(DefaultInvalidationNode node) {
      return new SizeMeterProvider(node);
    }
  }

  /**
   * The settings of Redis, which Spring Boot itself reads only if Spring Data Redis is on the class
   * path.
   */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingClass(Transports.SPRING_DATA)
  @EnableConfigurationProperties(RedisServerProperties.class)
  static class RedisServerConfiguration {}

  /** Listens to transactions. */
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

  /** Tracks persistence contexts that are older than a transaction. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({EntityManager.class, AbstractEntityManagerFactoryBean.class})
  @ImportRuntimeHints(InitializerHints.class)
  static class PersistenceConfiguration {

    @Bean
    static PersistenceContextPostProcessor invalidationPersistenceContextPostProcessor() {
      return new PersistenceContextPostProcessor();
    }
  }

  /** Lets a native image read the initializer that the application has set. */
  static class InitializerHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
      hints
          .reflection()
          .registerType(
              TypeReference.of("org.springframework.orm.jpa.AbstractEntityManagerFactoryBean"),
              MemberCategory.ACCESS_DECLARED_FIELDS);
    }
  }
}
