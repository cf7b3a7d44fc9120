package io.github.cacheinvalidation.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.InvalidationGroupHandler;
import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.SourceOfTruth;
import io.github.cacheinvalidation.architecture.Checkout;
import io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.actuate.endpoint.CachesEndpoint;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CachesEndpointAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.metrics.CacheMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.context.ApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
class CacheInvalidationMetricsAutoConfigurationTest {

  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
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

  private final ApplicationContextRunner measured =
      application.withBean(MeterRegistry.class, SimpleMeterRegistry::new);

  @Test
  void publishedKeys_areCounted() {
    measured.run(
        context -> {
          MeterRegistry registry = context.getBean(MeterRegistry.class);
          cache(context, "any").evict(1);
          Awaitility.await()
              .until(
                  () -> registry.get("invalidation.published.keys").functionCounter().count() == 1);
          assertThat(registry.get("invalidation.pending.keys").gauge().value()).isZero();
        });
  }

  @Test
  void foreignMessagesThatWereNotPublished_areCountedByWhetherTheyAreRetried() {
    measured.run(
        context -> {
          InvalidationMeters meters = context.getBean(InvalidationMeters.class);
          IllegalStateException failure = new IllegalStateException("Injected");
          meters.foreignWriteFailed("any", failure, true);
          meters.foreignWriteFailed("any", failure, true);
          meters.foreignWriteFailed("any", failure, false);
          assertThat(foreignFailures(context.getBean(MeterRegistry.class), "true")).isEqualTo(2);
          assertThat(foreignFailures(context.getBean(MeterRegistry.class), "false")).isEqualTo(1);
        });
  }

  private static double foreignFailures(MeterRegistry registry, String retried) {
    return registry
        .get("invalidation.foreign.failures")
        .tag("retried", retried)
        .functionCounter()
        .count();
  }

  @Test
  void hits_changeNoCounterOfTheNode() {
    measured.run(
        context -> {
          MeterRegistry registry = context.getBean(MeterRegistry.class);
          InvalidationNode node = context.getBean(InvalidationNode.class);
          assertThat(node.awaitJoined(Duration.ofSeconds(60))).isTrue();
          Cache cache = cache(context, "any");
          cache.get("key", () -> "value");
          Map<Meter.Id, Double> before = counters(registry);

          for (int i = 0; i < 1_000; i++) {
            assertThat(cache.get("key")).isNotNull();
          }

          assertThat(before).hasSizeGreaterThan(20);
          assertThat(counters(registry)).isEqualTo(before);
        });
  }

  private static Map<Meter.Id, Double> counters(MeterRegistry registry) {
    return registry.getMeters().stream()
        .filter(meter -> meter.getId().getName().startsWith("invalidation."))
        .filter(FunctionCounter.class::isInstance)
        .map(FunctionCounter.class::cast)
        .collect(Collectors.toMap(Meter::getId, FunctionCounter::count));
  }

  @Test
  void clears_areCountedByReason() {
    measured.run(
        context -> {
          MeterRegistry registry = context.getBean(MeterRegistry.class);
          cache(context, "any").clear();
          assertThat(clears(registry, "requested")).isEqualTo(1);
        });
  }

  @Test
  void cachesFromTheStartAndFromLater_haveTheMetersOfSpringBootAcrossAClear() {
    measured
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
    measured
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
    measured
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
    measured
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
    measured
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
    measured
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
    measured.run(
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

  @Test
  void noRegistry_noMeters() {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                CacheInvalidationAutoConfiguration.class,
                CacheInvalidationMetricsAutoConfiguration.class))
        .withPropertyValues("invalidation.transport=local")
        .run(
            context -> {
              assertThat(context).hasSingleBean(DefaultInvalidationNode.class);
              assertThat(context).doesNotHaveBean(InvalidationMeters.class);
            });
  }

  @Test
  void noMicrometer_noMeters() {
    application
        .withClassLoader(new FilteredClassLoader("io.micrometer"))
        .run(
            context -> {
              assertThat(context).hasSingleBean(DefaultInvalidationNode.class);
              assertThat(context).doesNotHaveBean("invalidationMeters");
            });
  }

  @Test
  void noNode_noMeters() {
    measured
        .withPropertyValues("spring.cache.type=none")
        .run(context -> assertThat(context).doesNotHaveBean(InvalidationMeters.class));
  }

  @Test
  @Tag("source")
  void documentation_namesExactlyTheMeters() {
    Set<String> documented = new TreeSet<>();
    Path page = Checkout.root().resolve("docs/operations.md");
    for (String line : Checkout.lines(page)) {
      Matcher row =
          Pattern.compile("\\| (?:counter|gauge|timer) \\| `(invalidation\\.[a-z.]+)` .*")
              .matcher(line);
      if (row.matches()) {
        documented.add(row.group(1));
      }
    }
    measured
        .withBean(InvalidationGroupHandler.class, NoWork::new) // groups have meters only then
        .withBean(SourceOfTruth.class, NoSource::new) // so has the judge
        .run(
            context -> {
              cache(context, "any");
              Set<String> meters =
                  context.getBean(MeterRegistry.class).getMeters().stream()
                      .map(meter -> meter.getId().getName())
                      .filter(name -> name.startsWith("invalidation."))
                      .collect(Collectors.toSet());
              assertThat(documented).as("meters in docs/operations.md").isEqualTo(meters);
              assertThat(context.getBean(MeterRegistry.class).getMeters())
                  .filteredOn(meter -> meter.getId().getName().startsWith("invalidation."))
                  .allSatisfy(
                      meter -> {
                        assertThat(meter.getId().getTag("channel")).isNotNull();
                        assertThat(meter.getId().getTag("transport")).isNotNull();
                      });
            });
  }

  private static final class NoWork implements InvalidationGroupHandler {

    @Override
    public String group() {
      return "none";
    }

    @Override
    public void handle(Message message) {}

    @Override
    public void everythingMayHaveChanged() {}
  }

  private static final class NoSource implements SourceOfTruth {

    @Override
    public String cache() {
      return "any";
    }

    @Override
    public Object read(Object key) {
      return key;
    }
  }

  private static double clears(MeterRegistry registry, String reason) {
    return registry
        .get("invalidation.cleared.caches")
        .tag("reason", reason)
        .functionCounter()
        .count();
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

  private static Cache cache(ApplicationContext context, String name) {
    Cache cache = context.getBean(CacheManager.class).getCache(name);
    assertThat(cache).isNotNull();
    return cache;
  }

  /** Makes a cache while the application is still starting. */
  static final class EarlyCache {

    EarlyCache(CacheManager caches) {
      caches.getCache("early");
    }
  }
}
