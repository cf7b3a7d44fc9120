package io.github.cacheinvalidation.autoconfigure.metrics;

import io.github.cacheinvalidation.InvalidationGroupHandler;
import io.github.cacheinvalidation.SourceOfTruth;
import io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration;
import io.github.cacheinvalidation.autoconfigure.internal.transport.TransportChoice;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.cache.autoconfigure.metrics.CacheMetricsAutoConfiguration;
import org.springframework.boot.cache.metrics.CacheMetricsRegistrar;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration for the meters of a node and of the caches that the node creates at run time.
 */
@AutoConfiguration(
    after = {CacheInvalidationAutoConfiguration.class, CacheMetricsAutoConfiguration.class},
    afterName =
        "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({DefaultInvalidationNode.class, TransportChoice.class, MeterRegistry.class})
public final class CacheInvalidationMetricsAutoConfiguration {

  @Bean
  CommonTags invalidationCommonTags(
      ObjectProvider<DefaultInvalidationNode> node, TransportChoice transport) {
    return new CommonTags(node, transport);
  }

  @Bean
  InvalidationMeters invalidationMeters(CommonTags common, CacheMeters caches) {
    return new InvalidationMeters(common, caches);
  }

  @Bean
  CacheMeters invalidationCacheMeters(CommonTags common) {
    return new CacheMeters(common);
  }

  @Bean
  NodeGauges invalidationNodeGauges(
      DefaultInvalidationNode node, CommonTags common, CacheMeters caches) {
    return new NodeGauges(node, common, caches);
  }

  @Bean
  GroupMeters invalidationGroupMeters(
      DefaultInvalidationNode node,
      CommonTags common,
      ObjectProvider<InvalidationGroupHandler> handlers) {
    return new GroupMeters(node, common, handlers);
  }

  @Bean
  JudgeMeters invalidationJudgeMeters(
      DefaultInvalidationNode node, CommonTags common, ObjectProvider<SourceOfTruth> sources) {
    return new JudgeMeters(node, common, sources);
  }

  /**
   * Spring Boot binds only the caches that exist when the application has started. Caches are taken
   * from the node, because a test or a post-processor may have replaced the cache manager bean.
   */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBean(CacheMetricsRegistrar.class)
  static class NewCachesConfiguration {

    @Bean
    NewCacheMeters invalidationNewCacheMeters(
        DefaultInvalidationNode node,
        CacheMetricsRegistrar registrar,
        MeterRegistry registry,
        ListableBeanFactory beans) {
      return new NewCacheMeters(node, registrar, registry, nameOfManager(beans));
    }

    /** As in Spring Boot, the name of the bean without "CacheManager" at its end. */
    private static String nameOfManager(ListableBeanFactory beans) {
      return beans.containsBeanDefinition("invalidationCacheManager")
          ? "invalidation"
          : "cacheManager";
    }
  }
}
