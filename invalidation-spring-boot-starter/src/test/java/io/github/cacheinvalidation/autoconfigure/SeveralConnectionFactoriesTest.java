package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.testing.TestRedis;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisRepositoriesAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.health.DataRedisHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** An application with several Redis connection factories, none of which is primary. */
class SeveralConnectionFactoriesTest {

  @Test
  void namedFactory_isEnough_forTheNodeAndForSpringBoot() {
    try (TestRedis redis = TestRedis.started();
        TestRedis other = TestRedis.started()) {
      new ApplicationContextRunner()
          .withConfiguration(Applications.STARTER)
          .withConfiguration(
              AutoConfigurations.of(
                  DataRedisAutoConfiguration.class,
                  DataRedisReactiveAutoConfiguration.class,
                  DataRedisRepositoriesAutoConfiguration.class,
                  DataRedisHealthContributorAutoConfiguration.class,
                  HealthContributorAutoConfiguration.class))
          .withUserConfiguration(TwoFactories.class)
          .withBean(Servers.class, () -> new Servers(other, redis))
          .withBean(Watch.class)
          .withPropertyValues(
              "invalidation.connection-factory=second",
              "invalidation.node-name=of-second",
              // Repositories need a RedisTemplate, which Spring Boot creates for one factory.
              "spring.data.redis.repositories.enabled=false")
          .run(
              context -> {
                assertThat(context).hasNotFailed();
                Watch.awaitJoined(context);
                assertThat(redis.clientsNamed("invalidation:of-second")).isNotEmpty();
                assertThat(other.clientsNamed("invalidation:of-second")).isEmpty();
              });
    }
  }

  record Servers(TestRedis first, TestRedis second) {}

  @Configuration(proxyBeanMethods = false)
  static class TwoFactories {

    @Bean
    RedisConnectionFactory first(Servers servers) {
      return new LettuceConnectionFactory(servers.first().host(), servers.first().port());
    }

    @Bean
    RedisConnectionFactory second(Servers servers) {
      return new LettuceConnectionFactory(servers.second().host(), servers.second().port());
    }
  }
}
