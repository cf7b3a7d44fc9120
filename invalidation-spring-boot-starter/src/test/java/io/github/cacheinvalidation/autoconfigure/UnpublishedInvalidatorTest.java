package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.testing.TestRedis;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.transaction.TransactionAwareCacheManagerProxy;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;

/**
 * Code that injects a {@link CacheInvalidator} works where the caches are not those of the node,
 * and where caches are switched off.
 */
class UnpublishedInvalidatorTest {

  private static final String TOLD = "CacheInvalidator removes entries only through";

  private final ApplicationContextRunner application =
      Applications.local().withUserConfiguration(Caching.class).withBean(Repairs.class);

  /** The setting affects no cache manager of the application. */
  private final ApplicationContextRunner off =
      application.withPropertyValues("spring.cache.type=none");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spring.cache.type=none",
        "spring.cache.type=simple",
        "spring.cache.type=redis",
        "spring.cache.redis.time-to-live=5m"
      })
  void applicationThatInjectsIt_starts(String setting) {
    try (Logged logged = new Logged()) {
      application
          .withPropertyValues(setting)
          .run(context -> assertThat(context).hasSingleBean(Repairs.class));
      assertThat(logged.warnings()).hasSize(1); // at the start, which caches are not coherent
    }
  }

  @Test
  void cachesOfSpringBoot_loseTheirEntries() {
    application
        .withPropertyValues("spring.cache.type=simple")
        .run(context -> assertEvicts(invalidator(context), cache(context, "products")));
  }

  @Test
  void withoutNode_cachesLoseTheirEntries_andTheFirstCallSaysHowFar() {
    try (Logged logged = new Logged()) {
      off.withUserConfiguration(OwnManager.class)
          .run(
              context -> {
                assertEvicts(invalidator(context), cache(context, "products"));
                assertThat(logged.warnings())
                    .filteredOn(line -> line.contains(TOLD))
                    .singleElement()
                    .asString()
                    .contains("[ConcurrentMapCacheManager]", "spring.cache.type is none. Remove");
              });
    }
  }

  @Test
  void cachesOfTheApplicationsManager_loseTheirEntries() {
    application
        .withUserConfiguration(OwnManager.class)
        .run(context -> assertEvicts(invalidator(context), cache(context, "products")));
  }

  @Test
  void cachesOfSeveralManagers_allLoseTheEntry() {
    Applications.local()
        .withUserConfiguration(OwnManager.class, SecondManager.class)
        .run(
            context -> {
              List<Cache> caches =
                  Stream.of("ownManager", "secondManager")
                      .map(name -> context.getBean(name, CacheManager.class))
                      .map(manager -> manager.getCache("products"))
                      .toList();
              caches.forEach(cache -> cache.put(1, "old"));
              invalidator(context).evict("products", 1);
              assertThat(caches).hasSize(2).allMatch(cache -> cache.get(1) == null);
            });
  }

  @Test
  void insideATransaction_entriesAreRemovedAfterItsCommit() {
    assertEvictsAfterCommit(application.withUserConfiguration(OwnManager.class));
    assertEvictsAfterCommit(application.withUserConfiguration(TransactionAwareManager.class));
    assertEvictsAfterCommit(off.withUserConfiguration(OwnManager.class));
  }

  private static void assertEvictsAfterCommit(ApplicationContextRunner application) {
    application.run(
        context -> {
          Cache cache = cache(context, "products");
          cache.put(1, "old");
          TransactionSynchronizationManager.initSynchronization();
          try {
            invalidator(context).evict("products", 1);
            assertThat(cache.get(1)).isNotNull();
            TransactionSynchronizationUtils.triggerAfterCommit();
            assertThat(cache.get(1)).isNull();
          } finally {
            TransactionSynchronizationManager.clearSynchronization();
          }
        });
  }

  @Test
  void transactionsNotOnClassPath_leavesAnInvalidatorThatActsAtOnce() {
    application
        .withUserConfiguration(OwnManager.class)
        .withClassLoader(
            new FilteredClassLoader(TransactionSynchronizationManager.class.getPackageName()))
        .run(
            context -> {
              TransactionSynchronizationManager.initSynchronization(); // must not be looked at
              try {
                assertEvicts(invalidator(context), cache(context, "products"));
              } finally {
                TransactionSynchronizationManager.clearSynchronization();
              }
            });
  }

  @Test
  void cachesInRedis_loseTheirEntries() {
    try (TestRedis redis = TestRedis.started()) {
      Applications.over(redis)
          .withUserConfiguration(Caching.class)
          .withPropertyValues("spring.cache.redis.time-to-live=5m")
          .run(context -> assertEvicts(invalidator(context), cache(context, "products")));
    }
  }

  @Test
  void withoutCaches_callsDoNothing_andTheFirstSaysSo() {
    try (Logged logged = new Logged()) {
      off.run(
          context -> {
            CacheInvalidator invalidator = invalidator(context);
            invalidator.evict("products", 1);
            invalidator.evictAll("products", List.of(1, 2));
            invalidator.clear("products");
          });
      assertThat(logged.warnings())
          .filteredOn(line -> line.contains("CacheInvalidator does nothing"))
          .hasSize(1);
    }
  }

  @Test
  void unknownCache_isRefusedWithTheNamesThatExist() {
    off.withBean("ownManager", CacheManager.class, () -> new ConcurrentMapCacheManager("products"))
        .run(
            context ->
                assertThatThrownBy(() -> invalidator(context).clear("product"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'product'; the caches are [products]"));
  }

  @Test
  void nullArgument_isRefused_andNothingIsEvicted() {
    application
        .withPropertyValues("spring.cache.type=simple")
        .run(
            context -> {
              Cache cache = cache(context, "products");
              cache.put(1, "old");
              Collection<Object> keys = Arrays.asList(1, null);
              assertThatThrownBy(() -> invalidator(context).evictAll("products", keys))
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessage("'key' must not be null");
              assertThat(cache.get(1)).isNotNull();
            });
  }

  @Test
  void invalidatorOfTheApplication_wins() {
    ConcurrentMapCacheManager caches = new ConcurrentMapCacheManager();
    application
        .withPropertyValues("spring.cache.type=none")
        .withBean("own", CacheInvalidator.class, () -> new Own(caches))
        .run(context -> assertThat(invalidator(context)).isInstanceOf(Own.class));
  }

  private static void assertEvicts(CacheInvalidator invalidator, Cache cache) {
    for (int key = 1; key <= 5; key++) {
      cache.put(key, "old");
    }
    Watch.patiently()
        .until(() -> IntStream.rangeClosed(1, 5).allMatch(key -> cache.get(key) != null));
    invalidator.evict("products", 1);
    awaitAbsent(cache, 1);
    assertThat(cache.get(2)).isNotNull();
    invalidator.evictAll("products", List.of(2, 3));
    awaitAbsent(cache, 2);
    awaitAbsent(cache, 3);
    assertThat(cache.get(4)).isNotNull();
    invalidator.clear("products");
    awaitAbsent(cache, 4);
    awaitAbsent(cache, 5);
  }

  /** Redis caches may put and remove entries in the background. */
  private static void awaitAbsent(Cache cache, Object key) {
    Watch.patiently().until(() -> cache.get(key) == null);
  }

  private static CacheInvalidator invalidator(ApplicationContext context) {
    return context.getBean(CacheInvalidator.class);
  }

  private static Cache cache(ApplicationContext context, String name) {
    Cache cache = context.getBean(CacheManager.class).getCache(name);
    assertThat(cache).isNotNull();
    return cache;
  }

  record Repairs(CacheInvalidator invalidator) {}

  private record Own(CacheManager caches) implements CacheInvalidator {

    @Override
    public void evict(String cache, Object key) {}

    @Override
    public void evictAll(String cache, Collection<?> keys) {}

    @Override
    public void clear(String cache) {}
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class Caching {}

  @Configuration(proxyBeanMethods = false)
  static class OwnManager {

    @Bean
    ConcurrentMapCacheManager ownManager() {
      return new ConcurrentMapCacheManager();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class TransactionAwareManager {

    @Bean
    TransactionAwareCacheManagerProxy ownManager() {
      return new TransactionAwareCacheManagerProxy(new ConcurrentMapCacheManager());
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class SecondManager {

    @Bean
    ConcurrentMapCacheManager secondManager() {
      return new ConcurrentMapCacheManager();
    }
  }
}
