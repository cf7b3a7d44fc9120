package io.github.cacheinvalidation.autoconfigure;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.ApplicationContext;

/** The least that an application does with a cache, over a database that several nodes share. */
class Shop {

  private final Map<Integer, String> database;

  private final AtomicInteger loads = new AtomicInteger();

  Shop(Map<Integer, String> database) {
    this.database = database;
  }

  /** A database with row 1 in it. */
  static Map<Integer, String> database() {
    return new ConcurrentHashMap<>(Map.of(1, "old"));
  }

  /** Adds a shop and a watcher of its node to an application. */
  static ApplicationContextRunner in(
      ApplicationContextRunner application, Map<Integer, String> database) {
    return application
        .withBean(Shop.class, () -> new Shop(database))
        .withBean(Watch.class, Watch::new)
        .withPropertyValues(
            "spring.cache.caffeine.spec=maximumSize=1000",
            "invalidation.check-interval=100ms",
            "invalidation.max-staleness=3s");
  }

  static Shop of(ApplicationContext context) {
    return context.getBean(Shop.class);
  }

  @Cacheable("products")
  public String read(int id) {
    loads.incrementAndGet();
    return database.getOrDefault(id, "none");
  }

  @CacheEvict(cacheNames = "products", key = "#id")
  public void write(int id, String value) {
    database.put(id, value);
  }

  public int loads() {
    return loads.get();
  }
}
