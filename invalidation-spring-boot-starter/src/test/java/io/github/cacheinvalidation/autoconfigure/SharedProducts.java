package io.github.cacheinvalidation.autoconfigure;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.transaction.annotation.Transactional;
import reactor.core.publisher.Mono;

/** Products with annotated methods, over a database that all nodes share. */
class SharedProducts {

  private final Map<Integer, String> database;

  private final Map<Integer, Integer> loads = new ConcurrentHashMap<>();

  SharedProducts(SeveralNodesTest.Database database) {
    this.database = database.rows();
  }

  public int loads() {
    return loads.values().stream().mapToInt(Integer::intValue).sum();
  }

  private String load(int id) {
    loads.merge(id, 1, Integer::sum);
    return database.getOrDefault(id, "none");
  }

  @Cacheable("products")
  public String plain(int id) {
    return load(id);
  }

  @Cacheable(cacheNames = "products", sync = true)
  public String sync(int id) {
    return load(id);
  }

  @Cacheable("products")
  public CompletableFuture<String> future(int id) {
    return CompletableFuture.completedFuture(load(id));
  }

  @Cacheable("products")
  public Mono<String> mono(int id) {
    return Mono.fromCallable(() -> load(id));
  }

  @CacheEvict(cacheNames = "products", key = "#id")
  public void changeAndEvict(int id, String value) {
    database.put(id, value);
  }

  @CacheEvict(cacheNames = "products", allEntries = true)
  public void changeAndEvictAll(int id, String value) {
    database.put(id, value);
  }

  @CachePut(cacheNames = "products", key = "#id")
  public String changeAndPut(int id, String value) {
    database.put(id, value);
    return value;
  }

  @Transactional
  @CacheEvict(cacheNames = "products", key = "#id")
  public void changeInTransaction(int id, String value) {
    database.put(id, value);
  }

  @Transactional
  @CacheEvict(cacheNames = "products", key = "#id", beforeInvocation = false)
  public void failInTransaction(int id) {
    throw new IllegalStateException("on purpose");
  }
}
