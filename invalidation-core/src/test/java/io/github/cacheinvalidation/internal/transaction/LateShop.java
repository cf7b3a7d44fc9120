package io.github.cacheinvalidation.internal.transaction;

import java.util.concurrent.CompletableFuture;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Annotated methods that return a result which completes later. */
class LateShop {

  /** The operation of the annotated method, and the form of its later result. */
  enum Operation {
    PUT,
    PUT_MONO,
    PUT_FLUX,
    EVICT,
    EVICT_MONO,
    CLEAR,
    CLEAR_MONO;

    CompletableFuture<?> call(LateShop shop, CompletableFuture<Integer> source) {
      return switch (this) {
        case PUT -> shop.put(1, source);
        case PUT_MONO -> shop.putMono(1, source).toFuture();
        case PUT_FLUX -> shop.putFlux(1, source).collectList().toFuture();
        case EVICT -> shop.evict(1, source);
        case EVICT_MONO -> shop.evictMono(1, source).toFuture();
        case CLEAR -> shop.clear(source);
        case CLEAR_MONO -> shop.clearMono(source).toFuture();
      };
    }
  }

  private final Database database;

  LateShop(Database database) {
    this.database = database;
  }

  @CachePut(cacheNames = "prices", key = "#id")
  public CompletableFuture<Integer> put(long id, CompletableFuture<Integer> price) {
    return price;
  }

  @CachePut(cacheNames = "prices", key = "#id")
  public Mono<Integer> putMono(long id, CompletableFuture<Integer> price) {
    return Mono.fromFuture(price);
  }

  @CachePut(cacheNames = "prices", key = "#id")
  public Flux<Integer> putFlux(long id, CompletableFuture<Integer> price) {
    return Flux.from(Mono.fromFuture(price));
  }

  @CacheEvict(cacheNames = "prices", key = "#id")
  public CompletableFuture<Void> evict(long id, CompletableFuture<Integer> done) {
    return done.thenAccept(price -> {});
  }

  @CacheEvict(cacheNames = "prices", key = "#id")
  public Mono<Void> evictMono(long id, CompletableFuture<Integer> done) {
    return Mono.fromFuture(done).then();
  }

  @CacheEvict(cacheNames = "prices", allEntries = true)
  public CompletableFuture<Void> clear(CompletableFuture<Integer> done) {
    return done.thenAccept(price -> {});
  }

  @CacheEvict(cacheNames = "prices", allEntries = true)
  public Mono<Void> clearMono(CompletableFuture<Integer> done) {
    return Mono.fromFuture(done).then();
  }

  @Transactional
  @CachePut(cacheNames = "prices", key = "#id")
  public CompletableFuture<Integer> changeAndRollBack(
      long id, int price, CompletableFuture<Integer> result) {
    rollBack(id, price);
    return result;
  }

  @Transactional
  @Cacheable(cacheNames = "prices", key = "#id")
  public CompletableFuture<Integer> loadRolledBack(
      long id, int price, CompletableFuture<Integer> result) {
    rollBack(id, price);
    return result;
  }

  @Transactional
  @Cacheable(cacheNames = "prices", key = "#id", sync = true)
  public CompletableFuture<Integer> sharedLoadRolledBack(
      long id, int price, CompletableFuture<Integer> result) {
    rollBack(id, price);
    return result;
  }

  private void rollBack(long id, int price) {
    database.change(id, price);
    TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
  }
}
