package io.github.cacheinvalidation.internal.transaction;

import io.github.cacheinvalidation.internal.cache.ViewResolver;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.target.SingletonTargetSource;
import org.springframework.cache.Cache;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** The orders in which caching and transactions can be put around a method. */
final class AdviceOrders {

  private AdviceOrders() {}

  /** The configuration that all orders of advice share. */
  static class Views implements CachingConfigurer {

    private final Database database;

    Views(Database database) {
      this.database = database;
    }

    @Override
    public CacheResolver cacheResolver() {
      return new ViewResolver(new SimpleCacheResolver(database.caches().manager()));
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching(order = 0)
  @EnableTransactionManagement(order = Ordered.LOWEST_PRECEDENCE)
  static class Outside extends Views {
    Outside(Database database) {
      super(database);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching(order = Ordered.LOWEST_PRECEDENCE)
  @EnableTransactionManagement(order = 0)
  static class Inside extends Views {
    Inside(Database database) {
      super(database);
    }
  }

  /** As {@link Outside}, with a proxy of the application around each cache. */
  @Configuration(proxyBeanMethods = false)
  @EnableCaching(order = 0)
  @EnableTransactionManagement(order = Ordered.LOWEST_PRECEDENCE)
  static class Decorated extends Views {

    private final CacheResolver decorating;

    Decorated(Database database) {
      super(database);
      decorating =
          call ->
              call.getOperation().getCacheNames().stream()
                  .map(name -> new SingletonTargetSource(database.cache(name)))
                  .map(cache -> ProxyFactory.getProxy(Cache.class, cache))
                  .toList();
    }

    @Override
    public CacheResolver cacheResolver() {
      return new ViewResolver(decorating);
    }
  }
}
