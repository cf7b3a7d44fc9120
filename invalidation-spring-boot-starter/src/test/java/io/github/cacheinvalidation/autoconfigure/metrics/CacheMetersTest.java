package io.github.cacheinvalidation.autoconfigure.metrics;

import static io.github.cacheinvalidation.autoconfigure.metrics.MeasuredApplication.cache;
import static io.github.cacheinvalidation.autoconfigure.metrics.MeasuredApplication.measured;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.cache.actuate.endpoint.CachesEndpoint;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.context.ApplicationContext;

/** The meters of caches, those of Spring Boot among them. */
@ExtendWith(OutputCaptureExtension.class)
class CacheMetersTest {

  @Test
  void cachesFromTheStartAndFromLater_haveTheMetersOfSpringBootAcrossAClear() {
    measured()
        .withBean(EarlyCache.class)
        .run(
            context -> {
              MeterRegistry registry = context.getBean(MeterRegistry.class);
              cache(context, "late").get("key", () -> "value");
              for (String name : new String[] {"early", "late"}) {
                Cache cache = cache(context, name);
                double before = gets(registry, name);
                cache.get("key");
                cache.clear();
                cache.get("key");
                assertThat(gets(registry, name) - before).as(name).isEqualTo(2);
              }
            });
  }

  @Test
  void cachesOfTheStart_haveTheMetersOfSpringBoot() {
    measured()
        .withPropertyValues("spring.cache.cache-names=first")
        .run(
            context -> {
              MeterRegistry registry = context.getBean(MeterRegistry.class);
              double before = gets(registry, "first");
              cache(context, "first").get("key");
              assertThat(gets(registry, "first") - before).isEqualTo(1);
            });
  }

  @Test
  void cachesBesideAnotherManager_areMeasuredUnderTheirOwnManager() {
    measured()
        .withBean("cacheManager", CacheManager.class, () -> new CaffeineCacheManager("first"))
        .run(
            context -> {
              MeterRegistry registry = context.getBean(MeterRegistry.class);
              assertThat(registry.get("invalidation.pending.keys").gauge().value()).isZero();
              Cache cache =
                  context.getBean("invalidationCacheManager", CacheManager.class).getCache("first");
              assertThat(cache).isNotNull();
              cache.put("key", "value");
              assertThat(
                      registry
                          .get("cache.size")
                          .tag("cache.manager", "invalidation")
                          .gauge()
                          .value())
                  .isEqualTo(1);
            });
  }

  @Test
  void cachesWithoutStatistics_showTheirSizeWithoutAWarning(CapturedOutput output) {
    measured()
        .withPropertyValues(
            "invalidation.enabled=false",
            "spring.cache.caffeine.spec=maximumSize=5",
            "spring.cache.cache-names=first,recording",
            "invalidation.caches.recording.spec=recordStats")
        .run(
            context -> {
              cache(context, "first").put("key", "value");
              assertThat(meters(context, "first")).containsExactly("cache.size");
              assertThat(meters(context, "recording")).contains("cache.size", "cache.gets");
              assertThat(size(context, "first")).isEqualTo(1);
            });
    measured()
        .withPropertyValues(
            "invalidation.enabled=false", "spring.cache.caffeine.spec=maximumSize=5")
        .withBean(EarlyCache.class)
        .run(
            context -> {
              cache(context, "late").put("key", "value");
              assertThat(meters(context, "early")).containsExactly("cache.size");
              assertThat(meters(context, "late")).containsExactly("cache.size");
              assertThat(size(context, "late")).isEqualTo(1);
            });
    assertThat(output).doesNotContain("recordStats");
  }

  @Test
  void cacheOfAnotherManagerWithoutStatistics_isLeftToSpringBoot() {
    measured()
        .withBean(
            "other",
            CacheManager.class,
            () -> new CaffeineCacheManager("first"),
            definition -> ((AbstractBeanDefinition) definition).setDefaultCandidate(false))
        .withPropertyValues(
            "invalidation.enabled=false", "spring.cache.caffeine.spec=maximumSize=5")
        .run(
            context -> {
              cache(context, "first").put("key", "value");
              assertThat(
                      context
                          .getBean(MeterRegistry.class)
                          .get("cache.size")
                          .tag("cache.manager", "other")
                          .gauge()
                          .value())
                  .isZero();
              assertThat(size(context, "first")).isEqualTo(1);
            });
  }

  @Test
  void cachesEndpoint_showsAndClearsThem() {
    measured()
        .run(
            context -> {
              Cache cache = cache(context, "late");
              cache.put("key", "value");
              CachesEndpoint endpoint = context.getBean(CachesEndpoint.class);
              assertThat(endpoint.caches().getCacheManagers())
                  .hasEntrySatisfying(
                      "cacheManager",
                      manager -> assertThat(manager.getCaches()).containsOnlyKeys("late"));
              endpoint.clearCaches();
              assertThat(cache.get("key")).isNull();
            });
  }

  private static double gets(MeterRegistry registry, String cache) {
    return registry
        .get("cache.gets")
        .tag("cache", cache)
        .tag("cache.manager", "cacheManager")
        .functionCounters()
        .stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  private static Set<String> meters(ApplicationContext context, String cache) {
    return context.getBean(MeterRegistry.class).getMeters().stream()
        .filter(meter -> cache.equals(meter.getId().getTag("cache")))
        .map(meter -> meter.getId().getName())
        .filter(name -> name.startsWith("cache."))
        .collect(Collectors.toSet());
  }

  private static double size(ApplicationContext context, String cache) {
    return context
        .getBean(MeterRegistry.class)
        .get("cache.size")
        .tag("cache", cache)
        .tag("cache.manager", "cacheManager")
        .gauge()
        .value();
  }

  /** Makes a cache while the application is still starting. */
  static final class EarlyCache {

    EarlyCache(CacheManager caches) {
      caches.getCache("early");
    }
  }
}
