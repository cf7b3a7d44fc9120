package io.github.cacheinvalidation.autoconfigure;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.cacheinvalidation.autoconfigure.internal.manager.CacheManagerBean;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.support.CompositeCacheManager;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Applications whose default cache manager is not that of the node, and their annotated methods.
 */
abstract class BesideFixture {

  final Map<Integer, String> database = new ConcurrentHashMap<>(Map.of(1, "old"));

  /** An application with a cache manager of its own. */
  final ApplicationContextRunner application =
      Applications.local()
          .withUserConfiguration(OwnManager.class)
          .withBean(Watch.class)
          .withBean(Database.class, () -> new Database(database));

  static void onTwoNodes(
      ApplicationContextRunner node, BiConsumer<ApplicationContext, ApplicationContext> test) {
    node.run(a -> node.run(b -> test.accept(a, b)));
  }

  static CacheManager ofNode(ApplicationContext context) {
    return context.getBean(CacheManagerBean.NAME, CacheManager.class);
  }

  static boolean isRunning(ApplicationContext context) {
    return context.getBean(DefaultInvalidationNode.class).isRunning();
  }

  static Cache cache(ApplicationContext context, String manager, String name) {
    return requireNonNull(context.getBean(manager, CacheManager.class).getCache(name));
  }

  record Database(Map<Integer, String> rows) {}

  static class Unnamed {

    private final Database database;

    Unnamed(Database database) {
      this.database = database;
    }

    @Cacheable("products")
    public String read(int id) {
      return database.rows().getOrDefault(id, "none");
    }

    @CacheEvict(cacheNames = "products", key = "#id")
    public void write(int id, String value) {
      database.rows().put(id, value);
    }
  }

  static class ByName {

    private final Database database;

    ByName(Database database) {
      this.database = database;
    }

    @Cacheable(cacheNames = "products", cacheManager = "invalidationCacheManager")
    public String read(int id) {
      return database.rows().getOrDefault(id, "none");
    }

    @CacheEvict(cacheNames = "products", key = "#id", cacheManager = "invalidationCacheManager")
    public void write(int id, String value) {
      database.rows().put(id, value);
    }
  }

  @CacheConfig(cacheNames = "prices", cacheManager = "invalidationCacheManager")
  static class ByClass {

    private final Database database;

    ByClass(Database database) {
      this.database = database;
    }

    @Cacheable
    public String read(int id) {
      return database.rows().getOrDefault(id, "none");
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class Caching {}

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class OwnManager {

    @Bean
    ConcurrentMapCacheManager cacheManager() {
      return new ConcurrentMapCacheManager();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class SecondaryManager {

    @Bean(defaultCandidate = false)
    ConcurrentMapCacheManager cacheManager() {
      return new ConcurrentMapCacheManager("others");
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class Composite {

    @Bean(defaultCandidate = false)
    ConcurrentMapCacheManager others() {
      return new ConcurrentMapCacheManager("others");
    }

    @Bean
    @Primary
    CompositeCacheManager cacheManager(
        @Qualifier("others") CacheManager others,
        @Qualifier("invalidationCacheManager") CacheManager ofNode) {
      return new CompositeCacheManager(others, ofNode);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class LazyUser {

    @Bean
    @Lazy
    ByName byName(Database database) {
      return new ByName(database);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Refreshing {

    @Bean
    Caffeine<Object, Object> refreshing() {
      return Caffeine.newBuilder().refreshAfterWrite(Duration.ofMinutes(1));
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class TwoFactories {

    @Bean
    RedisConnectionFactory first() {
      return new LettuceConnectionFactory();
    }

    @Bean
    RedisConnectionFactory second() {
      return new LettuceConnectionFactory();
    }
  }
}
