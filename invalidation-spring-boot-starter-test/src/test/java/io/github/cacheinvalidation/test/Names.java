package io.github.cacheinvalidation.test;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The least that an application does with a cache, over a map that its nodes share. */
class Names {

  private static final Map<Long, String> TABLE = new ConcurrentHashMap<>();

  /** Puts a name into the table, past all caches. */
  static void store(long id, String name) {
    TABLE.put(id, name);
  }

  /** Starts nodes of this application. */
  static InvalidationFleet fleet(int nodes, String... properties) {
    String[] all = new String[properties.length + 1];
    System.arraycopy(properties, 0, all, 0, properties.length);
    all[properties.length] = "spring.main.web-application-type=none";
    return InvalidationFleet.of(nodes, Application.class, all);
  }

  @Cacheable("names")
  public String read(long id) {
    return TABLE.getOrDefault(id, "none");
  }

  @CacheEvict(cacheNames = "names", key = "#id")
  public void write(long id, String name) {
    TABLE.put(id, name);
  }

  @CachePut(cacheNames = "names", key = "#id")
  public String put(long id, String name) {
    TABLE.put(id, name);
    return name;
  }

  /** The application. */
  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    AopAutoConfiguration.class,
    CacheAutoConfiguration.class,
    CacheInvalidationAutoConfiguration.class
  })
  static class Application {

    @Bean
    Names names() {
      return new Names();
    }

    @Bean
    Watch watch() {
      return new Watch();
    }
  }

  /** Counts events of a node. */
  static class Watch implements InvalidationObserver {

    private final AtomicInteger replays = new AtomicInteger();

    private final AtomicInteger subscriptions = new AtomicInteger();

    /** Returns how many messages were read from the log. */
    int replays() {
      return replays.get();
    }

    int subscriptions() {
      return subscriptions.get();
    }

    @Override
    public void replayed(int messages) {
      replays.addAndGet(messages);
    }

    @Override
    public void subscribed() {
      subscriptions.incrementAndGet();
    }
  }
}
