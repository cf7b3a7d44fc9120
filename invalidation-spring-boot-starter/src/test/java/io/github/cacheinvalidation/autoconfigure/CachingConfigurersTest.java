package io.github.cacheinvalidation.autoconfigure;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.NamedCacheResolver;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * However an application sets up Spring's caching, a read uses the caches that this names and
 * publishes nothing.
 */
@Tag("G6")
@Tag("G6.2")
class CachingConfigurersTest extends AnnotatedMethodsFixture {

  @Test
  void readWithConfigurersManager_publishesNothing() {
    readPublishesNothing(
        application.withUserConfiguration(ManagerConfigurer.class), products -> products.plain(1));
  }

  @Test
  void readWithConfigurersResolver_publishesNothingAndUsesTheResolver() {
    readPublishesNothing(
        application.withUserConfiguration(ResolverConfigurer.class), products -> products.plain(1));
    application
        .withUserConfiguration(ResolverConfigurer.class)
        .run(
            context -> {
              context.getBean(Products.class).plain(1);
              assertThat(context.getBean("cacheManager", CacheManager.class).getCacheNames())
                  .containsExactly("resolved");
            });
  }

  @Test
  void resolverThatDecidesAnew_isAskedAtEachInvocation() {
    application
        .withUserConfiguration(ChangingConfigurer.class)
        .run(
            context -> {
              Products products = context.getBean(Products.class);
              CacheManager caches = context.getBean("cacheManager", CacheManager.class);
              products.plain(1);
              products.plain(1);
              products.plain(1);
              assertThat(caches.getCacheNames())
                  .containsExactlyInAnyOrder("call-1", "call-2", "call-3");
            });
  }

  @Test
  void cacheOfAMethod_isTheManagersAtEachInvocation() {
    application.run(
        context -> {
          Products products = context.getBean(Products.class);
          CacheManager caches = context.getBean(CacheManager.class);
          for (int invocation = 0; invocation < 3; invocation++) {
            products.plain(1);
            Cache cache = requireNonNull(caches.getCache("a"));
            assertThat(cache.get(1)).isNotNull();
            cache.evict(1);
          }
        });
  }

  @Test
  void warmUpBeforeTheApplicationHasStarted_publishesNothing() {
    readPublishesNothing(
        application.withUserConfiguration(WarmUp.class), products -> products.plain(1));
  }

  @Configuration(proxyBeanMethods = false)
  static class WarmUp {

    @Bean
    SmartInitializingSingleton warmUp(Products products) {
      return () -> products.plain(1);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class ManagerConfigurer {

    @Bean
    CachingConfigurer configurer(ObjectProvider<CacheManager> caches) {
      return new CachingConfigurer() {
        @Override
        public CacheManager cacheManager() {
          return caches.getObject();
        }
      };
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class ChangingConfigurer {

    @Bean
    CachingConfigurer configurer(ObjectProvider<CacheManager> caches) {
      AtomicInteger calls = new AtomicInteger();
      return new CachingConfigurer() {
        @Override
        public CacheResolver cacheResolver() {
          return context -> List.of(caches.getObject().getCache("call-" + calls.incrementAndGet()));
        }
      };
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class ResolverConfigurer {

    @Bean
    CachingConfigurer configurer(ObjectProvider<CacheManager> caches) {
      return new CachingConfigurer() {
        @Override
        public CacheResolver cacheResolver() {
          return new NamedCacheResolver(caches.getObject(), "resolved");
        }
      };
    }
  }
}
