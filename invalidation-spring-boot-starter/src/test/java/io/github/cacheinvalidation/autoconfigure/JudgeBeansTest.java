package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Cache;
import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.SourceOfTruth;
import io.github.cacheinvalidation.autoconfigure.endpoint.CacheInvalidationEndpointAutoConfiguration;
import io.github.cacheinvalidation.autoconfigure.metrics.CacheInvalidationMetricsAutoConfiguration;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.context.ApplicationContext;

/** The {@link SourceOfTruth} beans of an application. */
class JudgeBeansTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String THREAD = "cache-invalidation-judge";

  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  MetricsAutoConfiguration.class,
                  CompositeMeterRegistryAutoConfiguration.class,
                  CacheAutoConfiguration.class,
                  EndpointAutoConfiguration.class,
                  CacheInvalidationAutoConfiguration.class,
                  CacheInvalidationEndpointAutoConfiguration.class,
                  CacheInvalidationMetricsAutoConfiguration.class))
          .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
          .withPropertyValues(
              "invalidation.transport=local",
              "invalidation.channel=" + UUID.randomUUID(),
              "invalidation.max-staleness=400ms",
              "invalidation.check-interval=20ms",
              "invalidation.judge.rate=1000",
              "spring.cache.cache-names=products",
              "spring.cache.caffeine.spec=maximumSize=10,expireAfterWrite=1h",
              "management.endpoints.web.exposure.include=invalidation");

  /** A source in which each key is its own value; key -1 cannot be read. */
  private record EachKey(String cache) implements SourceOfTruth {

    @Override
    public Object read(Object key) {
      if (key.equals(-1L)) {
        throw new IllegalStateException("down");
      }
      return key;
    }
  }

  static SourceOfTruth products() {
    return new EachKey("products");
  }

  private static SourceOfTruth produkts() {
    return new EachKey("produkts");
  }

  /** Stores a value behind the back of the node. */
  @SuppressWarnings("unchecked") // the native cache of every cache of the library
  private static void plant(ApplicationContext context, Object key, Object value) {
    ((Cache<Object, Object>)
            Objects.requireNonNull(context.getBean(CacheManager.class).getCache("products"))
                .getNativeCache())
        .put(key, value);
  }

  private static boolean holds(ApplicationContext context, Object key) {
    return !context
        .getBean(DefaultInvalidationNode.class)
        .cacheManager()
        .inspector()
        .held("products", List.of(key))
        .isEmpty();
  }

  private static double count(ApplicationContext context, String meter) {
    return context
        .getBean(MeterRegistry.class)
        .get("invalidation.judge." + meter)
        .tag("cache", "products")
        .functionCounter()
        .count();
  }

  private static boolean hasThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals(THREAD));
  }

  private static List<String> ofTheJudge(Logged logged) {
    return logged.ours().stream().filter(line -> line.contains("ourceOfTruth")).toList();
  }

  @Test
  void staleEntry_isCountedAndEvicted_andToldOnceWithItsHistory() {
    try (Logged logged = new Logged()) {
      application
          .withBean("products", SourceOfTruth.class, JudgeBeansTest::products)
          .run(
              context -> {
                context.getBean(CacheInvalidator.class).evict("products", 7L);
                for (int times = 1; times <= 2; times++) {
                  int expected = times;
                  await()
                      .atMost(PATIENCE)
                      .until(
                          () -> {
                            boolean found = count(context, "mismatches") >= expected;
                            if (!found && !holds(context, 7L)) { // the eviction may come late
                              plant(context, 7L, "old");
                            }
                            return found;
                          });
                }

                await().atMost(PATIENCE).until(() -> !holds(context, 7L));
              });

      assertThat(logged.ours().stream().filter(line -> line.contains("stale value")))
          .hasSize(1)
          .allSatisfy(
              line ->
                  assertThat(line)
                      .startsWith(
                          "WARN Cache 'products' holds a stale value of the key with hash"
                              + " 7902699be42c8a8e: for 0.")
                      .contains("The entry is 0.", "It was evicted on this node.")
                      .contains(" by this node, this key alone"));
    }
  }

  @Test
  void equalEntries_areConsistent_andTheMetersSaySo() {
    application
        .withBean("products", SourceOfTruth.class, JudgeBeansTest::products)
        .run(
            context -> {
              MeterRegistry registry = context.getBean(MeterRegistry.class);
              assertThat(registry.getMeters())
                  .extracting(Meter::getId)
                  .filteredOn(id -> id.getName().startsWith("invalidation.judge."))
                  .allMatch(id -> "products".equals(id.getTag("cache")))
                  .allMatch(id -> "local".equals(id.getTag("transport")))
                  .extracting(Meter.Id::getName)
                  .containsExactlyInAnyOrder(
                      "invalidation.judge.checked",
                      "invalidation.judge.mismatches",
                      "invalidation.judge.failures",
                      "invalidation.judge.consistency");
              assertThat(registry.get("invalidation.judge.consistency").gauge().value()).isNaN();
              plant(context, 7L, 7L);

              await().atMost(PATIENCE).until(() -> count(context, "checked") > 0);

              assertThat(registry.get("invalidation.judge.consistency").gauge().value())
                  .isEqualTo(1);
              assertThat(count(context, "mismatches")).isZero();
            });
  }

  @Test
  void sourceThatFails_isCounted_andToldOnce() {
    try (Logged logged = new Logged()) {
      application
          .withBean("products", SourceOfTruth.class, JudgeBeansTest::products)
          .run(
              context -> {
                plant(context, -1L, "value");

                await().atMost(PATIENCE).until(() -> count(context, "failures") > 3);

                assertThat(count(context, "checked")).isZero();
              });

      assertThat(ofTheJudge(logged))
          .hasSize(1)
          .allSatisfy(
              line ->
                  assertThat(line)
                      .startsWith("WARN The SourceOfTruth bean of cache 'products' failed")
                      .contains("Reason: java.lang.IllegalStateException: down"));
    }
  }

  @Test
  void judge_hasAThreadWithABeanOnly_whileTheApplicationRuns() {
    application.run(context -> assertThat(hasThread()).as("without a bean").isFalse());
    application
        .withBean("products", SourceOfTruth.class, JudgeBeansTest::products)
        .withPropertyValues("invalidation.judge.rate=0")
        .run(context -> assertThat(hasThread()).as("with rate 0").isFalse());
    application
        .withBean("products", SourceOfTruth.class, JudgeBeansTest::products)
        .run(context -> assertThat(hasThread()).isTrue());
    await().atMost(PATIENCE).until(() -> !hasThread());
  }

  @Test
  void twoBeansOfOneCache_stopTheStart() {
    application
        .withBean("products", SourceOfTruth.class, JudgeBeansTest::products)
        .withBean("others", SourceOfTruth.class, JudgeBeansTest::products)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("both are products"));
  }

  @Test
  void beanOfAnUnknownCache_isWarnedOf() {
    try (Logged logged = new Logged()) {
      application
          .withBean("products", SourceOfTruth.class, JudgeBeansTest::produkts)
          .run(context -> assertThat(context).hasNotFailed());

      assertThat(ofTheJudge(logged))
          .hasSize(1)
          .allMatch(
              line ->
                  line.startsWith("WARN The SourceOfTruth beans of the caches [produkts] compare")
                      && line.contains("It has [products]"));
    }
  }

  @Test
  void beanOfACacheThatIsLocalOnly_isWarnedOf() {
    try (Logged logged = new Logged()) {
      application
          .withBean("products", SourceOfTruth.class, JudgeBeansTest::products)
          .withPropertyValues("invalidation.caches.products.local-only=true")
          .run(context -> assertThat(context).hasNotFailed());

      assertThat(ofTheJudge(logged))
          .singleElement()
          .asString()
          .contains("is local only has no staleness bound")
          .contains("or invalidation.caches.products.local-only");
    }
  }

  @Test
  void beanOfADisabledNode_isWarnedOf() {
    try (Logged logged = new Logged()) {
      application
          .withBean("products", SourceOfTruth.class, JudgeBeansTest::products)
          .withPropertyValues("invalidation.enabled=false")
          .run(context -> assertThat(hasThread()).isFalse());

      assertThat(ofTheJudge(logged))
          .singleElement()
          .asString()
          .contains("Set invalidation.enabled to true");
    }
  }
}
