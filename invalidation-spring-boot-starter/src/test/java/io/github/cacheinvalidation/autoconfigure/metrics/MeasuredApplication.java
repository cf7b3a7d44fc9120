package io.github.cacheinvalidation.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.UUID;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CachesEndpointAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.metrics.CacheMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.context.ApplicationContext;

/** An application with the starter, whose caches are measured. */
final class MeasuredApplication {

  private MeasuredApplication() {}

  /** Returns an application without a registry of meters. */
  static ApplicationContextRunner unmeasured() {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                MetricsAutoConfiguration.class,
                CompositeMeterRegistryAutoConfiguration.class,
                CacheAutoConfiguration.class,
                CacheMetricsAutoConfiguration.class,
                CachesEndpointAutoConfiguration.class,
                CacheInvalidationAutoConfiguration.class,
                CacheInvalidationMetricsAutoConfiguration.class))
        .withPropertyValues(
            "invalidation.transport=local",
            "invalidation.channel=" + UUID.randomUUID(),
            "spring.cache.caffeine.spec=recordStats",
            "management.endpoints.web.exposure.include=caches");
  }

  /** Returns an application with a registry of meters. */
  static ApplicationContextRunner measured() {
    return unmeasured().withBean(MeterRegistry.class, SimpleMeterRegistry::new);
  }

  static Cache cache(ApplicationContext context, String name) {
    Cache cache = context.getBean(CacheManager.class).getCache(name);
    assertThat(cache).isNotNull();
    return cache;
  }
}
