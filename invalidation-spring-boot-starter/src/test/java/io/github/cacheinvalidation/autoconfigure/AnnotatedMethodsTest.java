package io.github.cacheinvalidation.autoconfigure;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.node.DefaultInvalidationNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.NamedCacheResolver;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A read publishes nothing and a write does, however Spring's caching is set up. */
@Tag("G6")
class AnnotatedMethodsTest {

  private final Published published = new Published();

  private final ApplicationContextRunner application =
      Applications.local()
          .withBean(InvalidationObserver.class, () -> published)
          .withUserConfiguration(Methods.class);

  @Test
  void plainRead_publishesNothing() {
    readPublishesNothing(application, products -> products.plain(1));
  }

  @Test
  void syncRead_publishesNothing() {
    readPublishesNothing(application, products -> products.sync(1));
  }

  @Test
  void futureRead_publishesNothing() {
    readPublishesNothing(application, products -> products.future(1).join());
  }

  @Test
  void syncFutureRead_publishesNothing() {
    readPublishesNothing(application, products -> products.syncFuture(1).join());
  }

  @Test
  void monoRead_publishesNothing() {
    readPublishesNothing(application, products -> products.mono(1).block());
  }

  @Test
  void syncMonoRead_publishesNothing() {
    readPublishesNothing(application, products -> products.syncMono(1).block());
  }

  @Test
  void fluxRead_publishesNothing() {
    readPublishesNothing(application, products -> products.flux(1).collectList().block());
  }

  @Test
  void readIntoSeveralCaches_publishesNothing() {
    readPublishesNothing(application, products -> products.several(1));
  }

  @Test
  void readThroughNamedManager_publishesNothing() {
    readPublishesNothing(application, products -> products.namedManager(1));
  }

  @Test
  void readThroughNamedResolver_publishesNothing() {
    readPublishesNothing(application, products -> products.namedResolver(1));
  }

  @Test
  void readThroughManagerOfTheClass_publishesNothing() {
    application.run(
        context -> {
          ClassLevel products = context.getBean(ClassLevel.class);
          published.awaitJoined();
          products.find(1);
          products.find(1);
          assertThat(products.loads()).isEqualTo(1);
          published.nothingUntilNextWrite(context.getBean(Products.class));
        });
  }

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

  @Test
  void put_isPublished() {
    writeIsPublished(products -> products.put(1));
  }

  @Test
  void putThroughNamedManager_isPublished() {
    writeIsPublished(products -> products.putNamedManager(1));
  }

  @Test
  void putThroughNamedResolver_isPublished() {
    writeIsPublished(products -> products.putNamedResolver(1));
  }

  @Test
  void putOfFuture_isPublished() {
    writeIsPublished(products -> products.putFuture(1).join());
  }

  @Test
  void putOfMono_isPublished() {
    writeIsPublished(products -> products.putMono(1).block());
  }

  @Test
  void evict_isPublished() {
    writeIsPublished(products -> products.evict(1));
  }

  @Test
  void evictThroughNamedManager_isPublished() {
    writeIsPublished(products -> products.evictNamedManager(1));
  }

  @Test
  void evictOfEverything_isPublishedAsTheWholeCache() {
    application.run(
        context -> {
          context.getBean(Products.class).evictAll();
          Awaitility.await().until(() -> published.caches.get() == 1);
          assertThat(published.keys).hasValue(0);
        });
  }

  @Test
  void severalOperationsOfOneMethod_publishTheWritesOnly() {
    application.run(
        context -> {
          context.getBean(Products.class).mixed(1);
          DefaultInvalidationNode node = context.getBean(DefaultInvalidationNode.class);
          Awaitility.await()
              .untilAsserted(() -> assertThat(published.keys).hasValueGreaterThanOrEqualTo(2));
          Awaitility.await().until(() -> node.pendingKeys() == 0);
          assertThat(published.keys).hasValue(2);
        });
  }

  private void readPublishesNothing(ApplicationContextRunner runner, Consumer<Products> read) {
    published.reset();
    runner.run(
        context -> {
          Products products = context.getBean(Products.class);
          published.awaitJoined();
          int before = products.loads();
          read.accept(products);
          read.accept(products);
          assertThat(products.loads() - before).isEqualTo(1);
          published.nothingUntilNextWrite(products);
        });
  }

  private void writeIsPublished(Consumer<Products> write) {
    application.run(
        context -> {
          write.accept(context.getBean(Products.class));
          Awaitility.await()
              .atMost(Duration.ofSeconds(60))
              .untilAsserted(() -> assertThat(published.keys).hasValue(1));
        });
  }

  /** Counts what was published. */
  static final class Published implements InvalidationObserver {

    final AtomicInteger keys = new AtomicInteger();

    final AtomicInteger caches = new AtomicInteger();

    private volatile boolean joined;

    @Override
    public void joined() {
      joined = true;
    }

    /** Joining clears what was cached before. */
    void awaitJoined() {
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> joined);
    }

    @Override
    public void published(int publishedKeys, int wholeCaches) {
      keys.addAndGet(publishedKeys);
      caches.addAndGet(wholeCaches);
    }

    void reset() {
      keys.set(0);
      caches.set(0);
      joined = false;
    }

    /** What a read had published would have gone before, or together with, this write. */
    void nothingUntilNextWrite(Products products) {
      products.evict(1000);
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(keys).hasPositiveValue());
      assertThat(keys).hasValue(1);
      assertThat(caches).hasValue(0);
    }
  }

  static class Products {

    private final AtomicInteger loads = new AtomicInteger();

    public int loads() {
      return loads.get();
    }

    private Integer load(int id) {
      loads.incrementAndGet();
      return id;
    }

    @Cacheable("a")
    public Integer plain(int id) {
      return load(id);
    }

    @Cacheable(cacheNames = "a", sync = true)
    public Integer sync(int id) {
      return load(id);
    }

    @Cacheable("a")
    public CompletableFuture<Integer> future(int id) {
      return CompletableFuture.supplyAsync(() -> load(id));
    }

    @Cacheable(cacheNames = "a", sync = true)
    public CompletableFuture<Integer> syncFuture(int id) {
      return CompletableFuture.supplyAsync(() -> load(id));
    }

    @Cacheable("a")
    public Mono<Integer> mono(int id) {
      return Mono.fromCallable(() -> load(id));
    }

    @Cacheable(cacheNames = "a", sync = true)
    public Mono<Integer> syncMono(int id) {
      return Mono.fromCallable(() -> load(id));
    }

    @Cacheable("a")
    public Flux<Integer> flux(int id) {
      return Mono.fromCallable(() -> load(id)).flux();
    }

    @Caching(cacheable = {@Cacheable("a"), @Cacheable("b")})
    public Integer several(int id) {
      return load(id);
    }

    @Cacheable(cacheNames = "a", cacheManager = "cacheManager", unless = "#result == 77")
    public Integer namedManager(int id) {
      return load(id);
    }

    @Cacheable(cacheNames = "a", cacheResolver = "ownResolver", condition = "#id < 100")
    public Integer namedResolver(int id) {
      return load(id);
    }

    @CachePut("a")
    public Integer put(int id) {
      return id;
    }

    @CachePut(cacheNames = "a", cacheManager = "cacheManager")
    public Integer putNamedManager(int id) {
      return id;
    }

    @CachePut(cacheNames = "a", cacheResolver = "ownResolver")
    public Integer putNamedResolver(int id) {
      return id;
    }

    @CachePut("a")
    public CompletableFuture<Integer> putFuture(int id) {
      return CompletableFuture.completedFuture(id);
    }

    @CachePut("a")
    public Mono<Integer> putMono(int id) {
      return Mono.just(id);
    }

    @CacheEvict("a")
    public void evict(int id) {}

    @CacheEvict(cacheNames = "a", cacheManager = "cacheManager")
    public void evictNamedManager(int id) {}

    @CacheEvict(cacheNames = "a", allEntries = true)
    public void evictAll() {}

    @Caching(
        cacheable = {@Cacheable("a"), @Cacheable("b")},
        put = @CachePut("c"),
        evict = @CacheEvict("d"))
    public Integer mixed(int id) {
      return id;
    }
  }

  @CacheConfig(cacheNames = "a", cacheManager = "cacheManager")
  static class ClassLevel {

    private final AtomicInteger loads = new AtomicInteger();

    public int loads() {
      return loads.get();
    }

    @Cacheable
    public Integer find(int id) {
      loads.incrementAndGet();
      return id;
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Methods {

    @Bean
    Products products() {
      return new Products();
    }

    @Bean
    ClassLevel classLevel() {
      return new ClassLevel();
    }

    @Bean
    CacheResolver ownResolver(CacheManager caches) {
      return new SimpleCacheResolver(caches);
    }
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
