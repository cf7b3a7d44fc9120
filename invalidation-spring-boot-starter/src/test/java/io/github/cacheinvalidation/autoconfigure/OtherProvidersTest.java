package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.CaffeineSpec;
import io.github.cacheinvalidation.autoconfigure.internal.manager.CacheManagerBean;
import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.cache.autoconfigure.CacheManagerCustomizer;
import org.springframework.boot.cache.autoconfigure.JCacheManagerCustomizer;
import org.springframework.boot.cache.autoconfigure.RedisCacheManagerBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.support.SimpleCacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;

/** An application that configures the caches of another provider keeps them, unless it opts in. */
class OtherProvidersTest {

  private static final String TTL = "spring.cache.redis.time-to-live=5m";

  private static final String REPLACED = "Without the starter Spring Boot would create a ";

  private final ApplicationContextRunner application =
      Applications.local().withUserConfiguration(Caching.class);

  @Test
  void propertyOfRedisCaches_leavesThemToSpringBoot_andSaysSoOnce() {
    assertLeavesThemToSpringBoot(
        application.withPropertyValues(TTL), "the property spring.cache.redis.time-to-live");
  }

  @Test
  void configurationOfRedisCaches_leavesThemToSpringBoot_andSaysSoOnce() {
    assertLeavesThemToSpringBoot(
        application.withUserConfiguration(RedisCaches.class),
        "the RedisCacheConfiguration bean 'redisCaches'");
  }

  @Test
  void customizerOfTheRedisBuilder_leavesThemToSpringBoot_andSaysSoOnce() {
    assertLeavesThemToSpringBoot(
        application.withUserConfiguration(RedisBuilder.class),
        "the RedisCacheManagerBuilderCustomizer bean 'redisBuilder'");
  }

  @Test
  void customizerOfTheRedisManager_leavesThemToSpringBoot_andSaysSoOnce() {
    try (Logged logged = new Logged()) {
      application
          .withUserConfiguration(RedisManager.class)
          .run(
              context ->
                  assertThat(context.getBean(CacheManager.class))
                      .isInstanceOf(RedisCacheManager.class));
      assertThat(logged.warnings())
          .singleElement()
          .asString()
          .contains("the CacheManagerCustomizer bean 'redisManager' configures");
    }
  }

  private static void assertLeavesThemToSpringBoot(
      ApplicationContextRunner application, String evidence) {
    try (Logged logged = new Logged()) {
      application.run(
          context -> {
            assertThat(context.getBean(DefaultInvalidationNode.class).isRunning()).isFalse();
            RedisCacheManager caches = (RedisCacheManager) context.getBean(CacheManager.class);
            caches.getCache("products");
            RedisCacheConfiguration products = caches.getCacheConfigurations().get("products");
            assertThat(products).isNotNull();
            assertThat(products.getTtlFunction().getTimeToLive(1, "value"))
                .isEqualTo(Duration.ofMinutes(5));
          });
      assertThat(logged.warnings())
          .singleElement()
          .asString()
          .contains(
              "The caches of the cache managers [cacheManager] receive no writes of other nodes",
              "because " + evidence + " configures caches of type redis",
              "set spring.cache.type to caffeine");
    }
  }

  @Test
  void cacheBean_leavesTheCachesToSpringBoot() {
    try (Logged logged = new Logged()) {
      application
          .withBean("mine", Cache.class, () -> new ConcurrentMapCache("mine"))
          .run(
              context ->
                  assertThat(context.getBean(CacheManager.class))
                      .isInstanceOf(SimpleCacheManager.class));
      assertThat(logged.warnings())
          .singleElement()
          .asString()
          .contains("the Cache bean 'mine' configures caches of type generic");
    }
  }

  @Test
  void cachesLeftToSpringBoot_doNotSwitchOnCaching() {
    Applications.local()
        .withPropertyValues(TTL)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context).doesNotHaveBean(CacheAspectSupport.class);
              assertThat(context.getBeanNamesForType(CacheManager.class))
                  .containsExactly(CacheManagerBean.NAME);
            });
  }

  @Test
  void cachesLeftToSpringBoot_areBuiltAheadOfTimeWithTheReason() {
    AnnotationConfigApplicationContext built = new AnnotationConfigApplicationContext();
    TestPropertyValues.of(TTL).applyTo(built);
    built.register(DataRedisAutoConfiguration.class, CacheInvalidationAutoConfiguration.class);

    assertThat(AheadOfTime.codeOf(built))
        .anyMatch(code -> code.contains("the property spring.cache.redis.time-to-live configures"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spring.cache.type=caffeine",
        "spring.cache.caffeine.spec=maximumSize=5",
        "invalidation.max-staleness=20s",
        "invalidation.caches.products.max-staleness=5s"
      })
  void settingOfTheNodesCaches_decidesForThem(String setting) {
    assertDecides(application.withPropertyValues(setting));
  }

  @Test
  void beanForCaffeine_decidesForTheNode() {
    assertDecides(
        application.withBean(CaffeineSpec.class, () -> CaffeineSpec.parse("maximumSize=5")));
    assertDecides(application.withUserConfiguration(OwnCaffeine.class));
  }

  private static void assertDecides(ApplicationContextRunner application) {
    try (Logged logged = new Logged()) {
      application
          .withPropertyValues(TTL)
          .run(
              context ->
                  assertThat(context.getBean(CacheManager.class))
                      .isInstanceOf(CoherentCacheManager.class));
      assertThat(logged.warnings()).isEmpty();
      assertThat(
              logged.says("so the property spring.cache.redis.time-to-live does not affect them"))
          .isTrue();
    }
  }

  @Test
  void redisConnectionAlone_isReplaced_andSaidAtStart() {
    try (Logged logged = new Logged()) {
      application.run(
          context ->
              assertThat(context.getBean(CacheManager.class))
                  .isInstanceOf(CoherentCacheManager.class));
      assertThat(logged.warnings()).isEmpty();
      assertThat(
              logged.says(
                  REPLACED
                      + "RedisCacheManager, because it finds the RedisConnectionFactory bean"
                      + " 'redisConnectionFactory'"))
          .isTrue();
    }
  }

  /** As in an application whose JCache provider was removed, and whose customizer was left. */
  @Test
  void customizerOfJCacheWithoutAProvider_keepsNothingFromTheStarter_andSaysSo() {
    try (Logged logged = new Logged()) {
      application
          .withClassLoader(
              new FilteredClassLoader(
                  new ClassPathResource("META-INF/services/javax.cache.spi.CachingProvider")))
          .withBean("statistics", JCacheManagerCustomizer.class, () -> manager -> {})
          .run(
              context ->
                  assertThat(context.getBean(CacheManager.class))
                      .isInstanceOf(CoherentCacheManager.class));
      assertThat(logged.warnings()).isEmpty();
      assertThat(
              logged.says(
                  "The JCacheManagerCustomizer bean 'statistics' has no effect, with this starter or"
                      + " without: caches of type jcache need exactly one JCache provider"))
          .isTrue();
    }
  }

  @Test
  void settingOfRedisCachesWithoutSpringData_keepsNothingFromTheStarter_andSaysSo() {
    try (Logged logged = new Logged()) {
      application
          .withClassLoader(new FilteredClassLoader("org.springframework.data.redis"))
          .withPropertyValues(TTL)
          .run(
              context ->
                  assertThat(context.getBean(CacheManager.class))
                      .isInstanceOf(CoherentCacheManager.class));
      assertThat(
              logged.says(
                  "The property spring.cache.redis.time-to-live has no effect, with this starter or"
                      + " without: caches of type redis need Spring Data Redis"))
          .isTrue();
    }
  }

  @Test
  void explicitCaffeineCaches_needNoWord() {
    try (Logged logged = new Logged()) {
      application.withPropertyValues("spring.cache.type=caffeine").run(context -> {});
      assertThat(logged.says(REPLACED)).isFalse();
      assertThat(logged.says("does not affect them")).isFalse();
    }
  }

  @Test
  void withoutRedis_nothingIsReplaced() {
    try (Logged logged = new Logged()) {
      application
          .withClassLoader(new FilteredClassLoader("org.springframework.data.redis", "io.lettuce"))
          .run(context -> assertThat(context).hasNotFailed());
      assertThat(logged.says(REPLACED)).isFalse();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class Caching {}

  @Configuration(proxyBeanMethods = false)
  static class RedisCaches {

    @Bean
    RedisCacheConfiguration redisCaches() {
      return RedisCacheConfiguration.defaultCacheConfig().entryTtl(Duration.ofMinutes(5));
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class RedisBuilder {

    @Bean
    RedisCacheManagerBuilderCustomizer redisBuilder() {
      return builder ->
          builder.cacheDefaults(
              RedisCacheConfiguration.defaultCacheConfig().entryTtl(Duration.ofMinutes(5)));
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class RedisManager {

    @Bean
    CacheManagerCustomizer<RedisCacheManager> redisManager() {
      return manager -> manager.setTransactionAware(true);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnCaffeine {

    @Bean
    Caffeine<Object, Object> caffeine() {
      return Caffeine.newBuilder().maximumSize(12);
    }
  }
}
