package io.github.cacheinvalidation.autoconfigure.health;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration;
import io.github.cacheinvalidation.autoconfigure.InvalidationProperties;
import io.github.cacheinvalidation.autoconfigure.internal.transport.TransportChoice;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Auto-configuration for the health of a node. */
@AutoConfiguration(
    after = CacheInvalidationAutoConfiguration.class,
    beforeName =
        "org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration")
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
public final class CacheInvalidationHealthAutoConfiguration {

  /** Nested, because its condition is a class of the optional module. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnBean({InvalidationNode.class, InvalidationProperties.class})
  @ConditionalOnEnabledHealthIndicator("invalidation")
  static class NodeConfiguration {

    @Bean
    @ConditionalOnMissingBean(
        name = {"invalidationHealthIndicator", "invalidationHealthContributor"})
    InvalidationHealthIndicator invalidationHealthIndicator(
        InvalidationNode node, InvalidationProperties properties, TransportChoice transport) {
      return new InvalidationHealthIndicator(node, properties, transport::transport);
    }
  }
}
