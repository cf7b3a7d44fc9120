package io.github.cacheinvalidation.autoconfigure.tracing;

import io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Auto-configuration for observations of the messages of a node. */
@AutoConfiguration(
    after = CacheInvalidationAutoConfiguration.class,
    afterName =
        "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({DefaultInvalidationNode.class, ObservationRegistry.class})
public final class CacheInvalidationTracingAutoConfiguration {

  @Bean
  ObservedMessages invalidationObservedMessages(ObjectProvider<ObservationRegistry> registry) {
    return new ObservedMessages(registry);
  }
}
