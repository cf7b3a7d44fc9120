package io.github.cacheinvalidation.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.CaffeineSpec;
import io.github.cacheinvalidation.CacheInvalidator;
import io.github.cacheinvalidation.internal.cache.CoherentCacheManager;
import io.github.cacheinvalidation.internal.channel.local.LocalHub;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import io.lettuce.core.RedisClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.caffeine.CaffeineCache;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.BeanFactoryCacheOperationSourceAdvisor;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.transaction.TransactionExecutionListener;

@ExtendWith(OutputCaptureExtension.class)
class CacheInvalidationAutoConfigurationTest {

  private final ApplicationContextRunner application = Applications.local();

  @Test
  void dependencyAlone_turnsOnCachingInCoherentCaches() {
    application
        .withUserConfiguration(Catalogue.class)
        .withBean(Watch.class)
        .run(
            context -> {
              assertThat(context).hasSingleBean(DefaultInvalidationNode.class);
              assertThat(context).hasSingleBean(CacheInvalidator.class);
              assertThat(context)
                  .getBean(CacheManager.class)
                  .isInstanceOf(CoherentCacheManager.class);
              assertThat(context.getBean(DefaultInvalidationNode.class).isRunning()).isTrue();
              Watch.awaitJoined(context); // joining clears all entries
              Products products = context.getBean(Products.class);
              assertThat(products.find(1)).isSameAs(products.find(1));
            });
  }

  @Test
  void cachedBean_isProxiedByItsClassAsOthersAre() {
    application
        .withUserConfiguration(Catalogue.class)
        .run(
            context -> assertThat(AopUtils.isCglibProxy(context.getBean(Products.class))).isTrue());
  }

  @Test
  void ownEnableCaching_changesNothing() {
    application
        .withUserConfiguration(Catalogue.class, OwnCaching.class)
        .withBean(Watch.class)
        .run(
            context -> {
              Watch.awaitJoined(context); // joining clears all entries
              Products products = context.getBean(Products.class);
              assertThat(products.find(1)).isSameAs(products.find(1));
              assertThat(context.getBean(CacheManager.class).getCacheNames())
                  .containsExactly("products");
              assertThat(advisorOrder(context)).isEqualTo(Ordered.LOWEST_PRECEDENCE - 1);
            });
  }

  @Test
  void cacheAdvice_isOutsideTransactionAdviceByDefault() {
    application.run(
        context -> assertThat(advisorOrder(context)).isEqualTo(Ordered.LOWEST_PRECEDENCE - 1));
  }

  @Test
  void ownOrderOfCacheAdvice_stays() {
    application
        .withUserConfiguration(OrderedCaching.class)
        .run(context -> assertThat(advisorOrder(context)).isEqualTo(7));
  }

  @Test
  void redisOnClassPath_stillGivesCoherentCaches() {
    Applications.plain()
        .withPropertyValues("invalidation.enabled=false")
        .run(
            context -> {
              assertThat(context).hasSingleBean(RedisConnectionFactory.class);
              assertThat(context).hasSingleBean(CoherentCacheManager.class);
            });
  }

  @Test
  void ownCacheManager_staysTheDefaultAndTheStarterSaysSoOnce(CapturedOutput output) {
    application
        .withUserConfiguration(Catalogue.class, OwnManager.class)
        .run(
            context -> {
              assertThat(context.getBean(DefaultInvalidationNode.class).isRunning()).isFalse();
              assertThat(context.getBean(CacheManager.class))
                  .isInstanceOf(ConcurrentMapCacheManager.class);
              assertThat(output)
                  .containsOnlyOnce(
                      "because the application has a cache manager of its own, [ownManager]");
            });
  }

  @Test
  void ownManagerThatIsNoDefaultCandidate_leavesTheStarterOn() {
    application
        .withUserConfiguration(SecondaryManager.class)
        .run(
            context -> {
              assertThat(context).hasSingleBean(DefaultInvalidationNode.class);
              assertThat(context.getBean(CacheManager.class))
                  .isInstanceOf(CoherentCacheManager.class);
            });
  }

  @Test
  void otherCacheType_makesTheStarterStandBackAndSaySoOnce(CapturedOutput output) {
    application
        .withUserConfiguration(OwnCaching.class)
        .withPropertyValues("spring.cache.type=none")
        .run(
            context -> {
              assertThat(context).doesNotHaveBean(DefaultInvalidationNode.class);
              assertThat(context.getBean(CacheManager.class)).isInstanceOf(NoOpCacheManager.class);
              assertThat(output)
                  .containsOnlyOnce("spring.cache.type is none. Remove it, or set it");
            });
  }

  @Test
  void cacheTypeRedis_givesTheManagerOfSpringBoot() {
    Applications.plain()
        .withUserConfiguration(OwnCaching.class)
        .withPropertyValues("spring.cache.type=redis")
        .run(
            context -> {
              assertThat(context.getBean(DefaultInvalidationNode.class).isRunning()).isFalse();
              assertThat(context.getBean("cacheManager")).isInstanceOf(RedisCacheManager.class);
            });
  }

  @Test
  void cacheTypeCaffeine_givesCoherentCaches() {
    application
        .withPropertyValues("spring.cache.type=caffeine")
        .run(context -> assertThat(context).hasSingleBean(CoherentCacheManager.class));
  }

  @Test
  void ownNode_wins() {
    application
        .withUserConfiguration(OwnNode.class)
        .run(
            context -> {
              assertThat(context).hasSingleBean(DefaultInvalidationNode.class);
              assertThat(context.getBean(CacheManager.class).getCacheNames())
                  .containsExactly("own");
            });
  }

  @Test
  void disabled_keepsTheCachesAndStartsNothing() {
    application
        .withUserConfiguration(Catalogue.class)
        .withPropertyValues("invalidation.enabled=false")
        .run(
            context -> {
              Products products = context.getBean(Products.class);
              assertThat(products.find(1)).isSameAs(products.find(1));
              DefaultInvalidationNode node = context.getBean(DefaultInvalidationNode.class);
              assertThat(node.isRunning()).isFalse();
              context.getBean(CacheInvalidator.class).evict("products", 1);
              assertThat(node.pendingKeys()).isZero();
            });
  }

  @Test
  void redisNotOnClassPath_givesCachesOfThisJvmAndSaysSoOnce(CapturedOutput output) {
    Applications.plain()
        .withClassLoader(new FilteredClassLoader("org.springframework.data.redis", "io.lettuce"))
        .run(
            context -> {
              assertThat(context.getBean(DefaultInvalidationNode.class).isRunning()).isTrue();
              assertThat(output)
                  .containsOnlyOnce("There is no Redis connection factory")
                  .contains("joins channel 'cache:invalidate' over local");
            });
  }

  @Test
  void clientNotOnClassPath_givesCachesOfThisJvm(CapturedOutput output) {
    Applications.plain()
        .withClassLoader(
            new FilteredClassLoader(RedisClient.class.getPackageName(), "redis.clients"))
        .run(
            context -> {
              assertThat(context.getBean(DefaultInvalidationNode.class).isRunning()).isTrue();
              assertThat(output).containsOnlyOnce("There is no Redis connection factory");
            });
  }

  @Test
  void transportLocal_logsNoWarning(CapturedOutput output) {
    application.run(context -> assertThat(output).doesNotContain("no Redis connection factory"));
  }

  @Test
  void transactionsNotOnClassPath_changesNothingElse() {
    application
        .withClassLoader(
            new FilteredClassLoader(TransactionExecutionListener.class.getPackageName()))
        .run(
            context -> {
              assertThat(context).hasSingleBean(DefaultInvalidationNode.class);
              assertThat(context).doesNotHaveBean("invalidationTransactionListenerPostProcessor");
              context.getBean(CacheInvalidator.class).evict("products", 1);
            });
  }

  @Test
  void micrometerNotOnClassPath_changesNothingElse() {
    application
        .withClassLoader(new FilteredClassLoader(MeterRegistry.class.getPackageName()))
        .run(context -> assertThat(context).hasSingleBean(DefaultInvalidationNode.class));
  }

  @Test
  void caffeineSpecBean_isUsed() {
    application
        .withBean(CaffeineSpec.class, () -> CaffeineSpec.parse("maximumSize=11"))
        .run(context -> assertThat(maximumSize(context, "any")).isEqualTo(11));
  }

  @Test
  void caffeineBean_isUsed() {
    application
        .withUserConfiguration(OwnCaffeine.class)
        .run(context -> assertThat(maximumSize(context, "any")).isEqualTo(12));
  }

  @Test
  void specSetting_winsOverBeans() {
    application
        .withUserConfiguration(OwnCaffeine.class)
        .withPropertyValues("spring.cache.caffeine.spec=maximumSize=13")
        .run(context -> assertThat(maximumSize(context, "any")).isEqualTo(13));
  }

  @Test
  void cacheNames_areTheOnlyCaches() {
    application
        .withPropertyValues("spring.cache.cache-names=a,b")
        .run(
            context -> {
              CacheManager caches = context.getBean(CacheManager.class);
              assertThat(caches.getCacheNames()).containsExactly("a", "b");
              assertThat(caches.getCache("c")).isNull();
            });
  }

  @Test
  void applicationName_isPartOfTheChannel(CapturedOutput output) {
    Applications.plain()
        .withPropertyValues("invalidation.transport=local", "spring.application.name=my shop")
        .run(
            context ->
                assertThat(output).contains("joins channel 'cache:invalidate:my-shop' over local"));
  }

  @Test
  void lazyInitialization_stillStartsTheNode() {
    application
        .withInitializer(
            context ->
                context.addBeanFactoryPostProcessor(
                    new LazyInitializationBeanFactoryPostProcessor()))
        .run(
            context ->
                assertThat(context.getBean(DefaultInvalidationNode.class).isRunning()).isTrue());
  }

  @Tag("G9.2")
  @Test
  void stopAndStart_joinsAnew() {
    application.run(
        context -> {
          DefaultInvalidationNode node = context.getBean(DefaultInvalidationNode.class);
          context.getSourceApplicationContext().stop();
          assertThat(node.isRunning()).isFalse();
          context.getSourceApplicationContext().start();
          assertThat(node.isRunning()).isTrue();
        });
  }

  @Test
  void closedContext_hasStoppedTheNode() {
    DefaultInvalidationNode[] node = new DefaultInvalidationNode[1];
    application.run(context -> node[0] = context.getBean(DefaultInvalidationNode.class));

    assertThat(node[0].isRunning()).isFalse();
  }

  private static int advisorOrder(ApplicationContext context) {
    return context.getBean(BeanFactoryCacheOperationSourceAdvisor.class).getOrder();
  }

  static long maximumSize(ApplicationContext context, String name) {
    CaffeineCache cache = (CaffeineCache) context.getBean(CacheManager.class).getCache(name);
    assertThat(cache).isNotNull();
    return cache.getNativeCache().policy().eviction().orElseThrow().getMaximum();
  }

  static class Products {

    @Cacheable("products")
    public Object find(int id) {
      return new Object();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Catalogue {

    @Bean
    Products products() {
      return new Products();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class OwnCaching {}

  @Configuration(proxyBeanMethods = false)
  @EnableCaching(order = 7)
  static class OrderedCaching {}

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class OwnManager {

    @Bean
    ConcurrentMapCacheManager ownManager() {
      return new ConcurrentMapCacheManager();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class SecondaryManager {

    @Bean(defaultCandidate = false)
    ConcurrentMapCacheManager secondaryManager() {
      return new ConcurrentMapCacheManager();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnNode {

    @Bean
    DefaultInvalidationNode ownNode() {
      return DefaultInvalidationNode.builder()
          .channel(() -> new LocalHub().open("own"))
          .cacheNames(List.of("own"))
          .build();
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
