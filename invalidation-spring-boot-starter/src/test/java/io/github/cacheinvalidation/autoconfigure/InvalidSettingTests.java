package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;

/** A bad value stops the start with the property, the value, and the remedy. */
class InvalidSettingTests {

  /** With the client that closes the faster. */
  private final ApplicationContextRunner application =
      Applications.plain().withPropertyValues("spring.data.redis.client-type=jedis");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          invalidation.max-staleness=0s | invalidation.max-staleness is 0s | a duration such as 10s
          invalidation.max-staleness=-1s | invalidation.max-staleness is -1s | a duration such as 10s
          invalidation.max-staleness=400d | invalidation.max-staleness is 400d | a duration such as 10s
          invalidation.check-interval=0s | invalidation.check-interval is 0s | a duration such as 10s
          invalidation.check-interval=3s | check-interval is 3s, which is more than a quarter of invalidation.max-staleness, 10s | to 2s500ms or less, or raise invalidation.max-staleness to 12s
          invalidation.caches.a.max-staleness=2s | more than a quarter of invalidation.caches.a.max-staleness, 2s | raise invalidation.caches.a.max-staleness to 4s
          invalidation.caches.a.max-staleness=0s | invalidation.caches.a.max-staleness is 0s | a duration such as 10s
          invalidation.channel= | invalidation.channel is '' | such as cache:invalidate:shop
          invalidation.channel=a b | invalidation.channel is 'a b' | such as cache:invalidate:shop
          invalidation.channel=a}b{c | invalidation.channel is 'a}b{c' | Remove the braces
          invalidation.node-name= | invalidation.node-name is '' | remove it
          invalidation.log.max-length=0 | invalidation.log.max-length is 0 | Set it to 100 or more
          invalidation.log.max-size=1KB | invalidation.log.max-size is 1024B | Set it to 64KB or more
          invalidation.publish.timeout=0s | invalidation.publish.timeout is 0s | a duration such as 10s
          invalidation.publish.max-batch-keys=0 | invalidation.publish.max-batch-keys is 0 | Set it to 1 or more
          invalidation.publish.max-pending-keys=511 | invalidation.publish.max-pending-keys is 511 | to 4096 or more
          invalidation.transport=stream | invalidation.transport is stream, which arrives with a later release | Set it to pubsub
          invalidation.transport=sharded-pubsub | invalidation.transport is sharded-pubsub, which arrives with a later release | Set it to pubsub
          invalidation.connection-factory=other | invalidation.connection-factory is 'other', but the Redis connection factories are [redisConnectionFactory] | Set it to one of these
          invalidation.caches.a.spec=nonsense | invalidation.caches.a.spec is 'nonsense', which cannot be used | such as maximumSize=10000
          invalidation.caches.a.spec=weakKeys | invalidation.caches.a.spec is 'weakKeys' | such as maximumSize=10000
          invalidation.caches.a.spec=maximumWeight=5 | invalidation.caches.a.spec is 'maximumWeight=5' | such as maximumSize=10000
          spring.cache.caffeine.spec=refreshAfterWrite=1s | spring.cache.caffeine.spec is 'refreshAfterWrite=1s' | such as maximumSize=10000
          """)
  void badValue_stopsTheStart(String setting, String description, String remedy) {
    application
        .withPropertyValues(setting)
        .run(
            context -> {
              assertThat(context).hasFailed();
              FailureAnalysis analysis = analysis(context.getStartupFailure());
              assertThat(analysis.getDescription()).contains(description);
              assertThat(analysis.getAction()).contains(remedy);
            });
  }

  @Test
  void cacheThatIsNotAmongTheFixedOnes_stopsTheStart() {
    application
        .withPropertyValues(
            "spring.cache.cache-names=products", "invalidation.caches.product.local-only=true")
        .run(
            context -> {
              FailureAnalysis analysis = analysis(context.getStartupFailure());
              assertThat(analysis.getDescription())
                  .isEqualTo(
                      "invalidation.caches.product is set, but there is no such cache:"
                          + " spring.cache.cache-names is [products].");
              assertThat(analysis.getAction())
                  .contains("Add 'product' to spring.cache.cache-names, or correct the name");
            });
  }

  @Test
  void subscriptionsWithinOneJvm_stopTheStart() {
    application
        .withPropertyValues("invalidation.transport=local", "invalidation.subscriptions=cdc.*")
        .run(
            context ->
                assertThat(analysis(context.getStartupFailure()).getDescription())
                    .startsWith("invalidation.subscriptions is [cdc.*], but within one JVM"));
  }

  @Test
  void blankSubscription_stopsTheStart() {
    application
        .withPropertyValues("invalidation.subscriptions[0]=")
        .run(
            context ->
                assertThat(analysis(context.getStartupFailure()).getDescription())
                    .startsWith("invalidation.subscriptions is []"));
  }

  @Test
  void transportThatDoesNotExist_stopsTheStartAndNamesThoseThatDo() {
    application
        .withPropertyValues("invalidation.transport=kafka")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining("invalidation.transport")
                    .hasStackTraceContaining("kafka"));
  }

  @Test
  void transportPubsubWithoutRedis_stopsTheStart() {
    application
        .withClassLoader(new FilteredClassLoader("org.springframework.data.redis", "io.lettuce"))
        .withPropertyValues("invalidation.transport=pubsub")
        .run(
            context -> {
              FailureAnalysis analysis = analysis(context.getStartupFailure());
              assertThat(analysis.getDescription())
                  .isEqualTo(
                      "invalidation.transport is pubsub, but there is no Redis connection factory.");
              assertThat(analysis.getAction()).contains("Add spring-boot-starter-data-redis");
            });
  }

  @Test
  void connectionFactoryWithoutRedis_stopsTheStart() {
    application
        .withClassLoader(new FilteredClassLoader("org.springframework.data.redis", "io.lettuce"))
        .withPropertyValues("invalidation.connection-factory=mine")
        .run(
            context ->
                assertThat(analysis(context.getStartupFailure()).getDescription())
                    .isEqualTo(
                        "invalidation.connection-factory is 'mine', but there is no Redis connection"
                            + " factory."));
  }

  @Test
  void severalConnectionFactories_stopTheStartUntilOneIsNamed() {
    ApplicationContextRunner several = application.withUserConfiguration(TwoFactories.class);
    several.run(
        context -> {
          FailureAnalysis analysis = analysis(context.getStartupFailure());
          assertThat(analysis.getDescription())
              .startsWith("invalidation.connection-factory is not set, but there are several");
          assertThat(analysis.getDescription()).contains("first", "second");
        });
    several
        .withPropertyValues("invalidation.connection-factory=second")
        .run(context -> assertThat(context).hasNotFailed());
  }

  @Test
  void caffeineBeanWithWeakKeys_stopsTheStart() {
    application
        .withUserConfiguration(WeakKeys.class)
        .run(
            context ->
                assertThat(analysis(context.getStartupFailure()).getDescription())
                    .startsWith("The Caffeine bean is ")
                    .contains("weakKeys compares keys by identity"));
  }

  private static FailureAnalysis analysis(@Nullable Throwable failure) {
    assertThat(failure).as("failure of the start").isNotNull();
    FailureAnalysis analysis = new InvalidSettingFailureAnalyzer().analyze(failure);
    assertThat(analysis).as("analysis of %s", failure).isNotNull();
    return analysis;
  }

  @Configuration(proxyBeanMethods = false)
  static class TwoFactories {

    @Bean
    RedisConnectionFactory first() {
      return new JedisConnectionFactory();
    }

    @Bean
    RedisConnectionFactory second() {
      return new JedisConnectionFactory();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class WeakKeys {

    @Bean
    Caffeine<Object, Object> caffeine() {
      return Caffeine.newBuilder().weakKeys();
    }
  }
}
