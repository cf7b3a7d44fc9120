package io.github.cacheinvalidation.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockingDetails;
import static org.mockito.Mockito.verify;

import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.autoconfigure.CacheInvalidationAutoConfiguration;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.cache.autoconfigure.metrics.CacheMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/**
 * An application and its tests may replace or decorate beans of the starter, by their interface.
 */
class ReplacedBeansTest {

  @Nested
  @DirtiesContext // or its node lives on beside the tests of other classes
  @SpringJUnitConfig(Shop.class)
  @TestPropertySource(
      properties = {"invalidation.transport=local", "invalidation.channel=mocked-cache-manager"})
  class MockedCacheManager {

    @MockitoBean private CacheManager caches;

    @Autowired private Products products;

    @Test
    void cacheManagerThatIsAMock_isUsed() {
      Cache cache = new ConcurrentMapCache("products");
      cache.put(7, "of the mock");
      given(caches.getCache("products")).willReturn(cache);

      assertThat(products.name(7)).isEqualTo("of the mock");
    }
  }

  @Nested
  @DirtiesContext // or its node lives on beside the tests of other classes
  @SpringJUnitConfig(Shop.class)
  @TestPropertySource(
      properties = {"invalidation.transport=local", "invalidation.channel=spied-cache-manager"})
  class SpiedCacheManager {

    @MockitoSpyBean private CacheManager caches;

    @Autowired private Products products;

    @Autowired private MeterRegistry registry;

    @Test
    void cacheManagerThatIsASpy_isUsedAndMeasured() {
      assertThat(products.name(7)).isEqualTo("loaded");

      verify(caches).getCache("products");
      assertThat(registry.find("cache.size").tag("cache", "products").gauge()).isNotNull();
    }
  }

  @Nested
  @DirtiesContext // or its node lives on beside the tests of other classes
  @SpringJUnitConfig({Shop.class, Decoration.class})
  @TestPropertySource(
      properties = {"invalidation.transport=local", "invalidation.channel=decorated-cache-manager"})
  class DecoratedCacheManager {

    @Autowired private CacheManager caches;

    @Autowired private Products products;

    @Autowired private MeterRegistry registry;

    @Test
    void cacheManagerThatIsDecorated_isUsedAndMeasured() {
      assertThat(caches).isInstanceOf(Decorated.class);
      assertThat(products.name(7)).isEqualTo("loaded");
      assertThat(registry.find("cache.size").tag("cache", "products").gauge()).isNotNull();
    }
  }

  @Nested
  @DirtiesContext // or its node lives on beside the tests of other classes
  @SpringJUnitConfig(Shop.class)
  @TestPropertySource(
      properties = {"invalidation.transport=local", "invalidation.channel=mocked-others"})
  class MockedOthers {

    @MockitoBean private CacheInvalidator invalidator;

    @MockitoBean private InvalidationObserver observer;

    @Autowired private CacheManager caches;

    @Autowired private DefaultInvalidationNode node;

    @Test
    void invalidatorAndObserverThatAreMocks_areUsed() {
      Cache cache = caches.getCache("products");
      assertThat(cache).isNotNull();
      cache.clear();

      invalidator.clear("products");

      verify(observer).cleared("products", ClearReason.REQUESTED);
      verify(invalidator).clear("products");
      assertThat(node.isRunning()).isTrue();
    }
  }

  @Nested
  @DirtiesContext // or its node lives on beside the tests of other classes
  @SpringJUnitConfig(Shop.class)
  @TestPropertySource(
      properties = {"invalidation.transport=local", "invalidation.channel=mocked-registry"})
  class MockedRegistry {

    @MockitoBean private MeterRegistry registry;

    @Autowired private Products products;

    @Test
    void registryThatIsAMock_disturbsNothing() {
      assertThat(mockingDetails(registry).isMock()).isTrue();
      assertThat(products.name(7)).isEqualTo("loaded");
    }
  }

  @Test
  void nodeThatIsAMock_stopsTheStartWithTheRemedy() {
    new ApplicationContextRunner()
        .withUserConfiguration(Shop.class)
        .withBean(DefaultInvalidationNode.class, () -> mock(DefaultInvalidationNode.class))
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasRootCauseMessage(
                        "The InvalidationNode bean has no cache manager, so it is a mock. Mock"
                            + " CacheManager instead, or set invalidation.enabled to false"));
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    AopAutoConfiguration.class,
    MetricsAutoConfiguration.class,
    CompositeMeterRegistryAutoConfiguration.class,
    CacheAutoConfiguration.class,
    CacheMetricsAutoConfiguration.class,
    CacheInvalidationAutoConfiguration.class,
    CacheInvalidationMetricsAutoConfiguration.class
  })
  @Import(Products.class)
  static class Shop {

    @Bean
    MeterRegistry registry() {
      return new SimpleMeterRegistry();
    }
  }

  static class Products {

    @Cacheable(cacheNames = "products", key = "#id")
    public String name(int id) {
      return "loaded";
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Decoration {

    @Bean
    static BeanPostProcessor decorator() {
      return new BeanPostProcessor() {
        @Override
        public Object postProcessAfterInitialization(Object bean, String beanName) {
          return bean instanceof CacheManager manager ? new Decorated(manager) : bean;
        }
      };
    }
  }

  record Decorated(CacheManager target) implements CacheManager {

    @Override
    public @Nullable Cache getCache(String name) {
      return target.getCache(name);
    }

    @Override
    public Collection<String> getCacheNames() {
      return target.getCacheNames();
    }
  }
}
