package io.github.cacheinvalidation.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.InvalidationNode;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration;
import io.github.cacheinvalidation.testing.TestRedis;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.context.ApplicationContext;

/** What the meters of two nodes on a real Redis count. */
class NodeMetersOverRedisTest {

  private static final Duration GUARD = Duration.ofSeconds(60);

  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  DataRedisAutoConfiguration.class,
                  MetricsAutoConfiguration.class,
                  CompositeMeterRegistryAutoConfiguration.class,
                  CacheAutoConfiguration.class,
                  CacheInvalidationAutoConfiguration.class,
                  CacheInvalidationMetricsAutoConfiguration.class))
          .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
          .withPropertyValues("spring.cache.cache-names=products", "spring.application.name=shop");

  @Test
  void messagesAndTheirKeys_areCountedWhereTheyArrive() {
    onTwoNodes(
        (a, b, redis) -> {
          cache(b).get(7L, () -> "value");

          cache(a).evict(7L);
          redis.command("PUBLISH", "cache:invalidate:shop", "{\"cache\":\"products\",\"key\":8}");
          redis.command("PUBLISH", "cache:invalidate:shop", "{\"cache\":\"nowhere\",\"key\":8}");

          await(b, "applied.messages", "sender", "node", 1);
          await(b, "applied.messages", "sender", "foreign", 2);
          await(b, "unknown.caches", "transport", "pubsub", 1);
          await(b, "applied.keys", "cache", "products", 2);
          await(b, "evicted.entries", "cache", "products", 1);
          await(a, "published.messages", "channel", "cache:invalidate:shop", 1);
          await(a, "applied.messages", "sender", "node", 0);
          assertThat(gauge(a, "listeners")).isEqualTo(2);
          assertThat(gauge(b, "listeners")).isNaN();
          for (ApplicationContext node : new ApplicationContext[] {a, b}) {
            Timer propagation = registry(node).get("invalidation.propagation").timer();
            Awaitility.await().atMost(GUARD).until(() -> propagation.count() == 1);
            assertThat(propagation.max(TimeUnit.SECONDS)).isBetween(0.0, 10.0);
          }
        });
  }

  @Test
  void outage_isSeenInTheStateTheAgeAndTheReconnects() {
    onTwoNodes(
        (a, b, redis) -> {
          assertThat(state(a, "coherent")).isEqualTo(1);
          assertThat(state(a, "cut-off")).isZero();
          double before = gauge(a, "unconfirmed");
          assertThat(before).isBetween(0.0, GUARD.toSeconds() * 1.0);

          redis.stop();
          Awaitility.await().atMost(GUARD).until(() -> state(a, "cut-off") == 1);
          cache(a).evict(7L);

          Awaitility.await().atMost(GUARD).until(() -> gauge(a, "outbox.age") > 0.5);
          assertThat(gauge(a, "pending.keys")).isEqualTo(1);
          assertThat(gauge(a, "unconfirmed")).isGreaterThan(0.5);
          assertThat(count(a, "check.failures", "transport", "pubsub")).isPositive();
          redis.start();
          Awaitility.await().atMost(GUARD).until(() -> gauge(a, "outbox.age") == 0);
          await(a, "reconnects", "transport", "pubsub", 1);
        });
  }

  /** Two nodes and their Redis. */
  @FunctionalInterface
  private interface Scenario {
    void run(ApplicationContext a, ApplicationContext b, TestRedis redis);
  }

  private void onTwoNodes(Scenario scenario) {
    try (TestRedis redis = TestRedis.started()) {
      ApplicationContextRunner node =
          application.withPropertyValues(
              "spring.data.redis.host=" + redis.host(), "spring.data.redis.port=" + redis.port());
      node.run(a -> node.run(b -> run(scenario, a, b, redis)));
    }
  }

  private static void run(
      Scenario scenario, ApplicationContext a, ApplicationContext b, TestRedis redis) {
    for (ApplicationContext node : new ApplicationContext[] {a, b}) {
      Awaitility.await()
          .atMost(GUARD)
          .until(() -> node.getBean(InvalidationNode.class).status().state() == State.COHERENT);
    }
    scenario.run(a, b, redis);
  }

  private static void await(
      ApplicationContext node, String name, String tag, String value, double expected) {
    Awaitility.await()
        .atMost(GUARD)
        .untilAsserted(
            () -> assertThat(count(node, name, tag, value)).as(name).isEqualTo(expected));
  }

  private static double count(ApplicationContext node, String name, String tag, String value) {
    FunctionCounter counter =
        registry(node).get("invalidation." + name).tag(tag, value).functionCounter();
    assertThat(counter.getId().getType()).isEqualTo(Meter.Type.COUNTER);
    return counter.count();
  }

  private static double gauge(ApplicationContext node, String name) {
    return registry(node).get("invalidation." + name).gauge().value();
  }

  private static double state(ApplicationContext node, String state) {
    return registry(node).get("invalidation.state").tag("state", state).gauge().value();
  }

  private static MeterRegistry registry(ApplicationContext node) {
    return node.getBean(MeterRegistry.class);
  }

  private static Cache cache(ApplicationContext node) {
    return Objects.requireNonNull(node.getBean(CacheManager.class).getCache("products"));
  }
}
