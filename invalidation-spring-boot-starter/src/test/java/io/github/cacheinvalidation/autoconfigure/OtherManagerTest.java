package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.cache.transaction.TransactionAwareCacheManagerProxy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Annotated methods that use another cache manager than that of the node, or one in front of it.
 */
@Tag("G6")
class OtherManagerTest {

  private static final String OTHER =
      "The CachingConfigurer bean 'configurer' uses a cache manager that is not a bean, a ";

  private final ApplicationContextRunner application =
      Shop.in(Applications.local(), Shop.database());

  @Tag("G6.8")
  @Test
  void managerOfTheConfigurerThatIsNoBean_isSaidAtStart() {
    CacheManager other = new CaffeineCacheManager();
    assertThat(saidAtStart(configurer(beans -> other)))
        .isEqualTo(OTHER + CaffeineCacheManager.class.getName());
  }

  @Test
  void warningOfAnotherManager_saysTheRemedy() {
    CacheManager other = new CaffeineCacheManager();
    try (Logged logged = new Logged()) {
      configurer(beans -> other).run(context -> assertThat(context).hasNotFailed());
      assertThat(logged.says("Remove cacheManager() and cacheResolver() from the configurer"))
          .isTrue();
      assertThat(logged.says("declare it as a bean with @Bean(defaultCandidate = false)")).isTrue();
    }
  }

  @Test
  void managerOfTheConfigurersResolverThatIsNoBean_isSaidAtStart() {
    CacheManager other = new ConcurrentMapCacheManager("products");
    CachingConfigurer configurer =
        new CachingConfigurer() {
          @Override
          public CacheResolver cacheResolver() {
            return new SimpleCacheResolver(other);
          }
        };
    assertThat(
            saidAtStart(
                application
                    .withUserConfiguration(Caching.class)
                    .withBean("configurer", CachingConfigurer.class, () -> configurer)))
        .isEqualTo(OTHER + ConcurrentMapCacheManager.class.getName());
  }

  @Test
  void managerOfTheConfigurerThatIsABean_needsNoWarning() {
    assertThat(saidAtStart(configurer(ObjectProvider::getObject))).isEmpty();
    CacheManager other = new CaffeineCacheManager();
    assertThat(
            saidAtStart(
                configurer(beans -> other)
                    .withBean(
                        "other",
                        CacheManager.class,
                        () -> other,
                        bean -> ((AbstractBeanDefinition) bean).setDefaultCandidate(false))))
        .isEmpty();
  }

  @Test
  void managerInFrontOfTheNodesOwn_needsNoWarning() {
    assertThat(
            saidAtStart(
                configurer(beans -> new TransactionAwareCacheManagerProxy(beans.getObject()))))
        .isEmpty();
    assertThat(
            saidAtStart(
                configurer(beans -> new Front(beans.getObject(), cache -> cache))
                    .withPropertyValues("spring.cache.cache-names=products")))
        .isEmpty();
  }

  private ApplicationContextRunner configurer(
      Function<ObjectProvider<CacheManager>, CacheManager> manager) {
    return application
        .withUserConfiguration(Caching.class, Configured.class)
        .withBean(Choice.class, () -> new Choice(manager));
  }

  /** Returns the beginning of the one warning, and nothing if there is none. */
  private static String saidAtStart(ApplicationContextRunner application) {
    try (Logged logged = new Logged()) {
      application.run(context -> assertThat(context).hasNotFailed());
      return logged.warnings().stream()
          .map(line -> line.substring(line.indexOf(": ") + 2))
          .map(line -> line.substring(0, Math.max(0, line.indexOf(". Methods with"))))
          .findAny()
          .orElse("");
    }
  }

  @Tag("G6.7")
  @Test
  void managerDecoratedByABeanPostProcessor_publishesNoReads_andIsSaidAtStart() {
    try (Logged logged = new Logged()) {
      application
          .withUserConfiguration(Decorating.class)
          .run(
              context -> {
                Watch.awaitJoined(context);
                assertThat(Shop.of(context).read(1)).isEqualTo("old");
                assertThat(Shop.of(context).read(1)).isEqualTo("old");
                assertThat(Shop.of(context).loads()).isEqualTo(1);
                Shop.of(context).write(1, "new"); // the only message, and so the first
                Watch.patiently().until(() -> Watch.of(context).published.get() > 0);
                assertThat(Watch.of(context).published).hasValue(1);
              });
      assertThat(logged.says("The CacheManager bean 'cacheManager' is a " + Front.class.getName()))
          .isTrue();
    }
  }

  private static Cache observed(Cache cache) {
    return (Cache)
        Proxy.newProxyInstance(
            OtherManagerTest.class.getClassLoader(),
            new Class<?>[] {Cache.class},
            (proxy, method, arguments) -> method.invoke(cache, arguments));
  }

  private record Choice(Function<ObjectProvider<CacheManager>, CacheManager> manager) {}

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class Caching {}

  @Configuration(proxyBeanMethods = false)
  static class Configured {

    @Bean
    CachingConfigurer configurer(ObjectProvider<CacheManager> managers, Choice choice) {
      return new CachingConfigurer() {
        @Override
        public CacheManager cacheManager() {
          return choice.manager().apply(managers);
        }
      };
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Decorating {

    @Bean
    static BeanPostProcessor decorator() {
      return new BeanPostProcessor() {
        @Override
        public Object postProcessAfterInitialization(Object bean, String beanName) {
          return bean instanceof CacheManager manager
              ? new Front(manager, OtherManagerTest::observed)
              : bean;
        }
      };
    }
  }

  /** A cache manager in front of another. */
  private record Front(CacheManager target, UnaryOperator<Cache> decoration)
      implements CacheManager {

    @Override
    public @Nullable Cache getCache(String name) {
      Cache cache = target.getCache(name);
      return cache == null ? null : decoration.apply(cache);
    }

    @Override
    public Collection<String> getCacheNames() {
      return target.getCacheNames();
    }
  }
}
