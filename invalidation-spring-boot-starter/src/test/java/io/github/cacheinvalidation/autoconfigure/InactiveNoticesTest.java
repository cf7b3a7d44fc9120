package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.ForeignMessageWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.support.CompositeCacheManager;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What keeps all caches from being coherent is one warning with the remedy. */
class InactiveNoticesTest {

  @Test
  void otherCacheType_isWarnedOfOnce() {
    assertWarnsOnce(
        Applications.local().withPropertyValues("spring.cache.type=none"),
        "Cache invalidation is inactive: spring.cache.type is none. Remove it, or set it to"
            + " caffeine");
  }

  @Test
  void managerOfTheApplication_isWarnedOfOnce() {
    assertWarnsOnce(
        Applications.local().withBean("mine", ConcurrentMapCacheManager.class),
        "The caches of the cache managers [mine] receive no writes of other nodes, because the"
            + " application has a cache manager of its own, [mine]. Where a cache should receive"
            + " the writes of all nodes, name the cache manager of the starter, as in"
            + " @Cacheable(cacheManager = \"invalidationCacheManager\"). To make that the default"
            + " one, remove it, or declare it with @Bean(defaultCandidate = false)");
  }

  @Test
  void managerOfTheApplication_isTheReason_alsoBesideRedisSettings() {
    assertWarnsOnce(
        Applications.local()
            .withBean("mine", ConcurrentMapCacheManager.class)
            .withPropertyValues("spring.cache.redis.time-to-live=5m"),
        "the application has a cache manager of its own, [mine]");
  }

  @Test
  void knownCachesOfOtherManagers_areNamed() {
    assertWarnsOnce(
        Applications.local()
            .withBean("mine", CacheManager.class, () -> new ConcurrentMapCacheManager("b", "a"))
            .withBean("none", CacheManager.class, NoOpCacheManager::new),
        "The caches of the cache managers [mine (a, b)] receive no writes of other nodes, because");
  }

  @Test
  void managersOfTheApplicationBesideTheDefaultOne_areWarnedOfOnce() {
    assertWarnsOnce(
        Applications.local()
            .withBean(
                "mine",
                CacheManager.class,
                () -> new ConcurrentMapCacheManager("a"),
                bean -> ((AbstractBeanDefinition) bean).setDefaultCandidate(false)),
        "The caches of the cache managers [mine (a)] receive no writes of other nodes. For a cache"
            + " that should receive them, use the cache manager 'cacheManager'");
  }

  @Test
  void managersThatShowOnlyTheCachesOfTheNode_needNoWarning() {
    try (Logged logged = new Logged()) {
      Applications.local()
          .withUserConfiguration(Composite.class)
          .withPropertyValues("spring.cache.caffeine.spec=maximumSize=5")
          .run(context -> assertThat(context).hasNotFailed());
      assertThat(logged.warnings()).isEmpty();
    }
  }

  @Test
  void otherProviderWithoutCaching_isWarnedOfOnce() {
    assertWarnsOnce(
        Applications.local().withPropertyValues("spring.cache.redis.time-to-live=5m"),
        "The starter provides no default cache manager, because the property"
            + " spring.cache.redis.time-to-live configures caches of type redis");
  }

  @Test
  void noConnectionFactory_isWarnedOfOnce() {
    assertWarnsOnce(
        Applications.plain()
            .withClassLoader(
                new FilteredClassLoader("org.springframework.data.redis", "io.lettuce")),
        "There is no Redis connection factory, so caches receive only the writes of this JVM");
  }

  @Test
  void disabledNode_isWarnedOfOnce() {
    assertWarnsOnce(
        Applications.local().withPropertyValues("invalidation.enabled=false"),
        "invalidation.enabled is false: caches receive no writes of other nodes. Remove it");
  }

  @Test
  void allCachesLocalOnly_areWarnedOfOnce() {
    assertWarnsOnce(
        Applications.local()
            .withPropertyValues(
                "spring.cache.cache-names=a,b",
                "spring.cache.caffeine.spec=maximumSize=1000",
                "invalidation.caches.a.local-only=true",
                "invalidation.caches.b.local-only=true"),
        "The caches [a, b] are all local-only, so none of them publishes or receives writes. Remove"
            + " invalidation.caches.a.local-only");
  }

  @Test
  void foreignWriterWithoutRedis_isWarnedOfOnce() {
    assertWarnsOnce(
        Applications.local()
            .withBean("oldForm", ForeignMessageWriter.class, () -> stale -> List.of()),
        "The ForeignMessageWriter beans [oldForm] are not used: this node publishes nothing over"
            + " Redis");
  }

  @Test
  void someCachesLocalOnly_needNoWarning() {
    try (Logged logged = new Logged()) {
      Applications.local()
          .withPropertyValues("invalidation.caches.a.local-only=true")
          .run(context -> assertThat(context).hasNotFailed());
      Applications.local()
          .withPropertyValues(
              "spring.cache.cache-names=a,b",
              "spring.cache.caffeine.spec=maximumSize=1000",
              "invalidation.caches.a.local-only=true")
          .run(context -> assertThat(context).hasNotFailed());
      assertThat(logged.warnings()).isEmpty();
    }
  }

  private static void assertWarnsOnce(ApplicationContextRunner application, String text) {
    try (Logged logged = new Logged()) {
      application.run(context -> assertThat(context).hasNotFailed());
      assertThat(logged.warnings()).singleElement().asString().contains(text);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class Composite {

    @Bean
    CompositeCacheManager cacheManager(@Qualifier("invalidationCacheManager") CacheManager ofNode) {
      ofNode.getCache("products");
      return new CompositeCacheManager(ofNode);
    }
  }
}
