package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationGroupHandler;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.github.cacheinvalidation.testing.TestRedis;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The handlers of an application. */
@Tag("G10")
class GroupBeansTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final TestRedis REDIS = TestRedis.stopped();

  private final ApplicationContextRunner application =
      Applications.over(REDIS)
          .withPropertyValues(
              "invalidation.channel=test-" + UUID.randomUUID(),
              "invalidation.groups.poll-interval=5ms",
              "spring.cache.caffeine.spec=maximumSize=10");

  @BeforeAll
  static void startRedis() {
    REDIS.start();
  }

  @AfterAll
  static void stopRedis() {
    REDIS.close();
  }

  /** A handler that needs the caches, which need the node. */
  static final class Handler implements InvalidationGroupHandler {

    private final List<String> handled = new CopyOnWriteArrayList<>();

    private final CacheManager caches;

    Handler(CacheManager caches) {
      this.caches = caches;
    }

    @Override
    public String group() {
      return "cdn";
    }

    @Override
    public void handle(Message message) {
      for (Invalidation.OfCache<Key> stale : message.stale()) {
        handled.add(stale.cache() + (caches.getCacheNames().contains(stale.cache()) ? "" : "?"));
      }
    }

    @Override
    public void everythingMayHaveChanged() {
      handled.add("everything");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OneHandler {

    @Bean
    Handler handler(CacheManager caches) {
      return new Handler(caches);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OtherHandler {

    @Bean
    Handler otherHandler(CacheManager caches) {
      return new Handler(caches);
    }
  }

  @Test
  void handlerThatUsesTheCaches_getsTheWritesOfTheApplication_andHasMeters() {
    application
        .withUserConfiguration(OneHandler.class)
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              Handler handler = context.getBean(Handler.class);
              await().atMost(PATIENCE).until(() -> handler.handled.contains("everything"));

              context.getBean(CacheInvalidator.class).evict("products", 7L);

              await().atMost(PATIENCE).until(() -> handler.handled.size() == 2);
              assertThat(handler.handled).containsExactly("everything", "products");
              MeterRegistry registry = context.getBean(MeterRegistry.class);
              context.getBeansOfType(MeterBinder.class).values().forEach(b -> b.bindTo(registry));
              assertThat(registry.getMeters())
                  .extracting(Meter::getId)
                  .filteredOn(id -> id.getName().startsWith("invalidation.group."))
                  .allMatch(id -> "cdn".equals(id.getTag("group")))
                  .extracting(Meter.Id::getName)
                  .containsExactlyInAnyOrder(
                      "invalidation.group.lag",
                      "invalidation.group.attempts",
                      "invalidation.group.failures",
                      "invalidation.group.dead.letters");
              assertThat(registry.get("invalidation.group.attempts").functionCounter().count())
                  .isEqualTo(2);
              await()
                  .atMost(PATIENCE)
                  .until(() -> registry.get("invalidation.group.lag").gauge().value() == 0);
            });
  }

  @Test
  void applicationWithoutAHandler_hasNoMeterAndNoGroup() {
    application
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .run(
            context -> {
              MeterRegistry registry = context.getBean(MeterRegistry.class);
              context.getBeansOfType(MeterBinder.class).values().forEach(b -> b.bindTo(registry));
              assertThat(registry.getMeters())
                  .noneMatch(meter -> meter.getId().getName().startsWith("invalidation.group."));
              assertThat(context.getBean(DefaultInvalidationNode.class).groups().statistics())
                  .isEmpty();
            });
  }

  @Test
  void twoHandlersOfOneGroup_stopTheStart() {
    application
        .withUserConfiguration(OneHandler.class, OtherHandler.class)
        .run(
            context ->
                assertThat(context).getFailure().rootCause().hasMessageContaining("both are cdn"));
  }

  @Test
  void handler_getsTheMessagesOfACacheChannelToo() {
    application
        .withPropertyValues("invalidation.caches.prices.channel=test-prices-" + UUID.randomUUID())
        .withUserConfiguration(OneHandler.class)
        .run(
            context -> {
              Handler handler = context.getBean(Handler.class);
              await().atMost(PATIENCE).until(() -> handler.handled.size() == 2);

              context.getBean(CacheInvalidator.class).evict("products", 7L);
              context.getBean(CacheInvalidator.class).evict("prices", 7L);

              await().atMost(PATIENCE).until(() -> handler.handled.size() == 5);
              assertThat(handler.handled) // the first key of a cache is on the own channel too
                  .containsExactlyInAnyOrder(
                      "everything", "everything", "products", "prices", "prices");
            });
  }

  @Test
  void handlerWithoutRedis_isWarnedOf() {
    for (String setting : List.of("invalidation.transport=local", "invalidation.enabled=false")) {
      try (Logged logged = new Logged()) {
        application
            .withPropertyValues(setting)
            .withUserConfiguration(OneHandler.class)
            .run(context -> assertThat(context).hasNotFailed());

        assertThat(logged.warnings())
            .as(setting)
            .anyMatch(
                line ->
                    line.contains(
                        "The InvalidationGroupHandler beans of the groups [cdn] are not used"));
      }
    }
  }
}
