package io.github.cacheinvalidation.autoconfigure.endpoint;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.KeyCodec;
import io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration;
import io.github.cacheinvalidation.autoconfigure.InvalidationProperties;
import io.github.cacheinvalidation.autoconfigure.internal.transport.TransportChoice;
import io.github.cacheinvalidation.internal.history.RecentMessages;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration for the Actuator endpoint of a node. A node whose endpoint is not exposed
 * remembers nothing for it.
 */
@AutoConfiguration(after = CacheInvalidationAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
public final class CacheInvalidationEndpointAutoConfiguration {

  /** Nested, because its condition is a class of the optional module. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnAvailableEndpoint(InvalidationEndpoint.class)
  @ConditionalOnBean({
    DefaultInvalidationNode.class,
    CacheInvalidator.class,
    InvalidationProperties.class
  })
  @EnableConfigurationProperties(InvalidationEndpointProperties.class)
  static class EndpointConfiguration {

    @Bean
    RecentMessages invalidationRecentMessages(
        InvalidationEndpointProperties properties, ObjectProvider<KeyCodec<?>> codecs) {
      List<KeyCodec<?>> all = new ArrayList<>();
      codecs.orderedStream().forEach(all::add);
      return new RecentMessages(
          properties.checked().historySize(), new KeyEncoder(all), InstantSource.system());
    }

    @Bean
    LastClears invalidationLastClears() {
      return new LastClears(InstantSource.system());
    }

    @Bean
    LastRefusedKeys invalidationLastRefusedKeys() {
      return new LastRefusedKeys(InstantSource.system());
    }

    @Bean
    @ConditionalOnMissingBean
    InvalidationEndpoint invalidationEndpoint(
        DefaultInvalidationNode node,
        CacheInvalidator invalidator,
        TransportChoice transport,
        InvalidationProperties common,
        InvalidationEndpointProperties properties,
        RecentMessages recent,
        LastClears clears,
        LastRefusedKeys refused) {
      return new InvalidationEndpoint(
          new NodePage(node, transport, common.getExpectedNodes()),
          new CachePages(node, clears, refused),
          new HistoryPages(node, recent, properties.checked()),
          new FleetWrites(node, invalidator));
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
    InvalidationEndpointWebExtension invalidationEndpointWebExtension(
        InvalidationEndpoint endpoint) {
      return new InvalidationEndpointWebExtension(endpoint);
    }
  }
}
