package io.github.cacheinvalidation.autoconfigure.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.health.DataRedisHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

class CacheInvalidationHealthAutoConfigurationTest {

  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  DataRedisAutoConfiguration.class,
                  DataRedisHealthContributorAutoConfiguration.class,
                  CacheAutoConfiguration.class,
                  HealthContributorRegistryAutoConfiguration.class,
                  CacheInvalidationAutoConfiguration.class,
                  CacheInvalidationHealthAutoConfiguration.class))
          .withPropertyValues("invalidation.channel=" + UUID.randomUUID());

  private final ApplicationContextRunner local =
      application.withPropertyValues("invalidation.transport=local");

  @Test
  void node_isInTheHealthOfTheApplication() {
    local.run(
        context -> {
          Health health = health(context);
          assertThat(health.getStatus()).isEqualTo(Status.UP);
          assertThat(health.getDetails())
              .containsEntry("state", "COHERENT")
              .containsEntry("transport", "local")
              .containsKeys("channel", "server");
        });
  }

  @Test
  void transportThatWasChosen_isADetail() {
    application
        .withPropertyValues("spring.data.redis.port=1")
        .run(
            context ->
                assertThat(health(context).getDetails()).containsEntry("transport", "pubsub"));
    application
        .withClassLoader(new FilteredClassLoader("org.springframework.data.redis", "io.lettuce"))
        .run(
            context ->
                assertThat(health(context).getDetails()).containsEntry("transport", "local"));
  }

  @Test
  void disabledNode_isUnknown() {
    local
        .withPropertyValues("invalidation.enabled=false")
        .run(context -> assertThat(health(context).getStatus()).isEqualTo(Status.UNKNOWN));
  }

  @Test
  void stoppedNode_isUp() {
    local.run(
        context -> {
          context.getSourceApplicationContext().stop();

          Health health = health(context);
          assertThat(health.getStatus()).isEqualTo(Status.UP);
          assertThat(health.getDetails()).containsEntry("state", "STOPPED");
        });
  }

  @Test
  void settingsOfSpringBoot_switchItOff() {
    for (String name : new String[] {"invalidation", "defaults"}) {
      local
          .withPropertyValues("management.health." + name + ".enabled=false")
          .run(context -> assertThat(contributor(context)).isNull());
    }
  }

  @Test
  void contributorOfTheApplication_replacesIt() {
    HealthIndicator mine = Health.down()::build;
    for (String name :
        new String[] {"invalidationHealthIndicator", "invalidationHealthContributor"}) {
      local
          .withBean(name, HealthIndicator.class, () -> mine)
          .run(context -> assertThat(contributor(context)).isSameAs(mine));
    }
  }

  @Test
  void starterThatStandsBack_hasNoHealth() {
    local
        .withPropertyValues("spring.cache.type=none")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(contributor(context)).isNull();
            });
  }

  @Test
  void applicationWithoutHealth_starts() {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                DataRedisAutoConfiguration.class,
                CacheAutoConfiguration.class,
                CacheInvalidationAutoConfiguration.class,
                CacheInvalidationHealthAutoConfiguration.class))
        .withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
        .withPropertyValues("invalidation.transport=local")
        .run(context -> assertThat(context).hasNotFailed());
  }

  @Test
  void applicationWithoutReactor_hasIt() {
    local
        .withPropertyValues("spring.data.redis.client-type=jedis")
        .withClassLoader(new FilteredClassLoader("reactor"))
        .run(context -> assertThat(contributor(context)).isNotNull());
  }

  private static Health health(ApplicationContext context) {
    assertThat(contributor(context)).isInstanceOf(InvalidationHealthIndicator.class);
    return context.getBean(InvalidationHealthIndicator.class).health();
  }

  private static @Nullable HealthContributor contributor(ApplicationContext context) {
    return context.getBean(HealthContributorRegistry.class).getContributor("invalidation");
  }
}
