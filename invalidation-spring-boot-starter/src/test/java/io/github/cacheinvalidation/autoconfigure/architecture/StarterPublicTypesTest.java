package io.github.cacheinvalidation.autoconfigure.architecture;

import static java.util.Map.entry;

import io.github.cacheinvalidation.architecture.PublicTypesContract;
import io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration;
import io.github.cacheinvalidation.autoconfigure.CaffeineBuilderCustomizer;
import io.github.cacheinvalidation.autoconfigure.InvalidationEvent;
import io.github.cacheinvalidation.autoconfigure.InvalidationGroupProperties;
import io.github.cacheinvalidation.autoconfigure.InvalidationJudgeProperties;
import io.github.cacheinvalidation.autoconfigure.InvalidationProperties;
import io.github.cacheinvalidation.autoconfigure.Transport;
import io.github.cacheinvalidation.autoconfigure.endpoint.CacheInvalidationEndpointAutoConfiguration;
import io.github.cacheinvalidation.autoconfigure.health.CacheInvalidationHealthAutoConfiguration;
import io.github.cacheinvalidation.autoconfigure.metrics.CacheInvalidationMetricsAutoConfiguration;
import io.github.cacheinvalidation.autoconfigure.tracing.CacheInvalidationTracingAutoConfiguration;
import java.util.Map;

/** Each public type of the starter, and why it is public. */
class StarterPublicTypesTest extends PublicTypesContract {

  private static final String CAN_BE_EXCLUDED =
      "is an auto-configuration, which an application can exclude and others can come after";

  private static final Map<Class<?>, String> REASONS =
      Map.ofEntries(
          entry(CacheInvalidationAutoConfiguration.class, CAN_BE_EXCLUDED),
          entry(CacheInvalidationEndpointAutoConfiguration.class, CAN_BE_EXCLUDED),
          entry(CacheInvalidationHealthAutoConfiguration.class, CAN_BE_EXCLUDED),
          entry(CacheInvalidationMetricsAutoConfiguration.class, CAN_BE_EXCLUDED),
          entry(CacheInvalidationTracingAutoConfiguration.class, CAN_BE_EXCLUDED),
          entry(CaffeineBuilderCustomizer.class, "is a bean that changes the builder of a cache"),
          entry(InvalidationEvent.class, "is what a method with @EventListener gets"),
          entry(InvalidationProperties.class, "has the settings, which Spring Boot binds"),
          entry(InvalidationGroupProperties.class, "has the settings of groups, likewise"),
          entry(InvalidationJudgeProperties.class, "has the settings of the judge, likewise"),
          entry(Transport.class, "is the type of the setting invalidation.transport"));

  StarterPublicTypesTest() {
    super("invalidation-spring-boot-starter", REASONS);
  }
}
