package io.github.cacheinvalidation.convergence;

import io.github.cacheinvalidation.internal.cache.ViewResolver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** Annotated methods of one node; the key, which is the first argument, names the cache. */
class Shop {

  private final Loaders loaders;

  Shop(Loaders loaders) {
    this.loaders = loaders;
  }

  /** Returns a context with a shop whose methods are advised. */
  static AnnotationConfigApplicationContext context(CacheManager caches, Loaders loaders) {
    AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    context.registerBean(CacheManager.class, () -> caches);
    context.registerBean(Loaders.class, () -> loaders);
    context.register(Advice.class, Shop.class);
    context.refresh();
    return context;
  }

  Loaders loaders() {
    return loaders;
  }

  @Cacheable
  Value cacheable(Key key) {
    return loaders.load(key);
  }

  @Cacheable(sync = true)
  Value cacheableSync(Key key) {
    return loaders.load(key);
  }

  @Cacheable
  CompletableFuture<Value> future(Key key) {
    return loaders.loadLater(key);
  }

  @Cacheable(sync = true)
  CompletableFuture<Value> futureSync(Key key) {
    return loaders.loadLater(key);
  }

  @Cacheable
  Mono<Value> mono(Key key) {
    return Mono.fromFuture(() -> loaders.loadLater(key));
  }

  /** Writes a product and caches the written value. */
  @CachePut
  Value put(Key product) {
    return loaders.write(product);
  }

  /** Writes a product and evicts it. */
  @CacheEvict
  Version evict(Key product) {
    return loaders.write(product).version(0);
  }

  /** Has a product written and committed, and evicts it in the transaction around. */
  @CacheEvict(key = "#root.args[0]")
  Value evictCommitted(Key product, Supplier<Value> write) {
    return write.get();
  }

  /** Has a product written and committed, and caches the value in the transaction around. */
  @CachePut(key = "#root.args[0]")
  Value putCommitted(Key product, Supplier<Value> write) {
    return write.get();
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class Advice implements CachingConfigurer {

    private final CacheManager caches;

    Advice(CacheManager caches) {
      this.caches = caches;
    }

    @Override
    public CacheResolver cacheResolver() {
      return new ViewResolver(
          invocation -> {
            Cache cache = caches.getCache(((Key) invocation.getArgs()[0]).cache());
            return cache == null ? List.of() : List.of(cache);
          });
    }
  }
}
