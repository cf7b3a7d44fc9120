package io.github.cacheinvalidation.autoconfigure;

import static io.github.cacheinvalidation.testing.ThreadPerTask.THREAD_PER_TASK;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.InvalidationObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An application with annotated methods, and its publications. */
abstract class AnnotatedMethodsFixture {

  final Published published = new Published();

  final ApplicationContextRunner application =
      Applications.local()
          .withBean(InvalidationObserver.class, () -> published)
          .withUserConfiguration(Methods.class);

  void readPublishesNothing(ApplicationContextRunner runner, Consumer<Products> read) {
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

  void writeIsPublished(Consumer<Products> write) {
    application.run(
        context -> {
          write.accept(context.getBean(Products.class));
          Awaitility.await()
              .atMost(Duration.ofSeconds(60))
              .untilAsserted(() -> assertThat(published.keys).hasValue(1));
        });
  }

  /** Counts publications. */
  static final class Published implements InvalidationObserver {

    final AtomicInteger keys = new AtomicInteger();

    final AtomicInteger caches = new AtomicInteger();

    private volatile boolean joined;

    @Override
    public void joined() {
      joined = true;
    }

    /** Joining clears the entries cached before. */
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

    /** A publication of a read would come before, or together with, this write. */
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
      return CompletableFuture.supplyAsync(() -> load(id), THREAD_PER_TASK);
    }

    @Cacheable(cacheNames = "a", sync = true)
    public CompletableFuture<Integer> syncFuture(int id) {
      return CompletableFuture.supplyAsync(() -> load(id), THREAD_PER_TASK);
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
}
