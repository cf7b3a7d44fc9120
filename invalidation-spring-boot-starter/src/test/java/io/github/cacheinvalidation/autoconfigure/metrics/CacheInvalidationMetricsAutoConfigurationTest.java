package io.github.cacheinvalidation.autoconfigure.metrics;

import static io.github.cacheinvalidation.autoconfigure.metrics.MeasuredApplication.cache;
import static io.github.cacheinvalidation.autoconfigure.metrics.MeasuredApplication.measured;
import static io.github.cacheinvalidation.autoconfigure.metrics.MeasuredApplication.unmeasured;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;

/** The meters of a node, and whether there are any. */
class CacheInvalidationMetricsAutoConfigurationTest {

  @Test
  void publishedKeys_areCounted() {
    measured()
        .run(
            context -> {
              MeterRegistry registry = context.getBean(MeterRegistry.class);
              cache(context, "any").evict(1);
              Awaitility.await()
                  .until(
                      () ->
                          registry.get("invalidation.published.keys").functionCounter().count()
                              == 1);
              assertThat(registry.get("invalidation.pending.keys").gauge().value()).isZero();
            });
  }

  @Test
  void foreignMessagesThatWereNotPublished_areCountedByWhetherTheyAreRetried() {
    measured()
        .run(
            context -> {
              InvalidationMeters meters = context.getBean(InvalidationMeters.class);
              IllegalStateException failure = new IllegalStateException("Injected");
              meters.foreignWriteFailed("any", failure, true);
              meters.foreignWriteFailed("any", failure, true);
              meters.foreignWriteFailed("any", failure, false);
              assertThat(foreignFailures(context.getBean(MeterRegistry.class), "true"))
                  .isEqualTo(2);
              assertThat(foreignFailures(context.getBean(MeterRegistry.class), "false"))
                  .isEqualTo(1);
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
    measured()
        .run(
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
    measured()
        .run(
            context -> {
              MeterRegistry registry = context.getBean(MeterRegistry.class);
              cache(context, "any").clear();
              assertThat(clears(registry, "requested")).isEqualTo(1);
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
    unmeasured()
        .withClassLoader(new FilteredClassLoader("io.micrometer"))
        .run(
            context -> {
              assertThat(context).hasSingleBean(DefaultInvalidationNode.class);
              assertThat(context).doesNotHaveBean("invalidationMeters");
            });
  }

  @Test
  void noNode_noMeters() {
    measured()
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
    measured()
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
}
