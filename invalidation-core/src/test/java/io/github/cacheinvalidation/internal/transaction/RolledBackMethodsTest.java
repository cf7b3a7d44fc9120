package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.cache.Threads;
import io.github.cacheinvalidation.internal.cache.ViewResolver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Methods that ask for a rollback and return all the same, below cache advice. */
@Tag("G2")
class RolledBackMethodsTest {

  private final Database database = Database.create();

  private final AnnotationConfigApplicationContext context =
      new AnnotationConfigApplicationContext();

  private final Shop shop = shop();

  private Shop shop() {
    context.registerBean(Database.class, () -> database);
    context.registerBean(PlatformTransactionManager.class, database::manager);
    context.register(Advice.class, Shop.class);
    context.refresh();
    return context.getBean(Shop.class);
  }

  @AfterEach
  void close() {
    context.close();
  }

  @Tag("G2.31")
  @Test
  void put_ofAMethodThatAskedForARollback_onlyEvicts() {
    assertThat(shop.changeAndRollBack(1, 99)).isEqualTo(99);
    assertThat(database.price(1)).isEqualTo(10);
    assertThat(database.cached(1L)).isNull();
  }

  @Test
  void put_ofAMethodThatAskedForARollbackOfItsOwnTransaction_onlyEvicts() {
    database.inTransaction(() -> shop.changeAloneAndRollBack(2, 99));
    assertThat(database.price(2)).isEqualTo(20);
    assertThat(database.cached(2L)).isNull();
  }

  @Test
  void put_ofAMethodThatAskedForARollbackToItsSavepoint_onlyEvicts() {
    database.inTransaction(() -> shop.changeNestedAndRollBack(1, 99));
    assertThat(database.price(1)).isEqualTo(10);
    assertThat(database.cached(1L)).isNull();
  }

  @Test
  void put_ofAMethodThatReturnedToASavepoint_onlyEvicts() {
    database.inTransaction(() -> shop.changeAndReturn(1, 99));
    assertThat(database.price(1)).isEqualTo(10);
    assertThat(database.cached(1L)).isNull();
  }

  @Tag("G2.31")
  @Test
  void load_ofAMethodThatAskedForARollback_isNotStored() {
    assertThat(shop.sumAfterChange(1, 99)).isEqualTo(119);
    assertThat(database.cached("sum")).isNull();
    assertThat(database.observer().newCacheEvents()).containsExactly("refused prices TRANSACTION");
  }

  @Test
  void synchronizedLoad_ofAMethodThatAskedForARollback_isNotStored() {
    assertThat(shop.synchronizedSumAfterChange(1, 99)).isEqualTo(119);
    assertThat(database.cached("sum")).isNull();
  }

  @Tag("G2.14")
  @Test
  void joinerOfALoadThatWasRolledBack_loadsOnItsOwn() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Threads<Object> leader =
        Threads.start(
            () ->
                database
                    .cache()
                    .get(
                        "sum",
                        () -> {
                          begun.countDown();
                          Threads.reach(release);
                          return shop.sumRolledBack(1, 99);
                        }));
    Threads.reach(begun);
    Threads<Object> joiner =
        Threads.<Object>start(
                () ->
                    database
                        .cache("names")
                        .get("outer", () -> database.cache().get("sum", database::sum)))
            .untilWaiting();
    release.countDown();
    assertThat(leader.result()).isEqualTo(119);
    assertThat(joiner.result()).isEqualTo(30);
    assertThat(database.cached("sum")).isEqualTo(30);
    assertThat(database.cached("names", "outer")).isEqualTo(30);
    assertThat(database.observer().newCacheEvents()).containsExactly("refused prices TRANSACTION");
  }

  @Tag("G2.14")
  @Test
  void joinerOfAFutureThatWasRolledBack_loadsOnItsOwn() throws Exception {
    CompletableFuture<Integer> source = new CompletableFuture<>();
    CompletableFuture<Integer> leader = database.cache().retrieve("sum", () -> source);
    Threads<Object> joiner =
        Threads.<Object>start(() -> database.cache("names").get("outer", () -> joinedSum().join()))
            .untilWaiting();
    assertThat(source.complete(shop.sumRolledBack(1, 99))).isTrue();
    assertThat(leader).isCompletedWithValue(119);
    assertThat(joiner.result()).isEqualTo(30);
    assertThat(database.cached("sum")).isEqualTo(30);
    assertThat(database.cached("names", "outer")).isEqualTo(30);
    assertThat(database.observer().newCacheEvents()).containsExactly("refused prices TRANSACTION");
  }

  private CompletableFuture<Integer> joinedSum() {
    return database
        .cache()
        .retrieve("sum", () -> CompletableFuture.completedFuture(database.sum()));
  }

  /** Joins a transaction that has committed: its changes are never committed. */
  @Test
  void put_ofAMethodThatIsCalledInAfterCommit_onlyEvicts() {
    database.inTransaction(
        () ->
            TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                  @Override
                  public void afterCommit() {
                    assertThat(shop.change(1, 99)).isEqualTo(99);
                  }
                }));
    assertThat(database.cached(1L)).isNull();
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void loadsAndPuts_afterARolledBackMethod_areStored() {
    shop.changeAndRollBack(1, 99);
    assertThat(shop.change(1, 11)).isEqualTo(11);
    assertThat(database.cached(1L)).isEqualTo(11);
    assertThat(database.cache().get(2L, () -> database.price(2))).isEqualTo(20);
    assertThat(database.cached(2L)).isEqualTo(20);
  }

  @Test
  void load_thatSurvivedAFailedTransaction_isStored() {
    Integer fallback =
        database
            .cache()
            .get(
                1L,
                () -> {
                  try {
                    database.inTransaction(
                        () -> {
                          throw new IllegalStateException("not found");
                        });
                  } catch (IllegalStateException notFound) {
                    return 0;
                  }
                  return 1;
                });
    assertThat(fallback).isZero();
    assertThat(database.cached(1L)).isEqualTo(0);
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching(order = 0)
  @EnableTransactionManagement
  static class Advice implements CachingConfigurer {

    private final Database database;

    Advice(Database database) {
      this.database = database;
    }

    @Override
    public CacheResolver cacheResolver() {
      return new ViewResolver(new SimpleCacheResolver(database.caches().manager()));
    }
  }

  static class Shop {

    private final Database database;

    Shop(Database database) {
      this.database = database;
    }

    @Transactional
    @CachePut(cacheNames = "prices", key = "#id")
    public int change(long id, int price) {
      database.change(id, price);
      return price;
    }

    @Transactional
    @CachePut(cacheNames = "prices", key = "#id")
    public int changeAndRollBack(long id, int price) {
      return rolledBack(id, price);
    }

    @Transactional(propagation = Propagation.REQUIRES_NEW)
    @CachePut(cacheNames = "prices", key = "#id")
    public int changeAloneAndRollBack(long id, int price) {
      return rolledBack(id, price);
    }

    @Transactional(propagation = Propagation.NESTED)
    @CachePut(cacheNames = "prices", key = "#id")
    public int changeNestedAndRollBack(long id, int price) {
      return rolledBack(id, price);
    }

    @Transactional
    @CachePut(cacheNames = "prices", key = "#id")
    public int changeAndReturn(long id, int price) {
      TransactionStatus status = TransactionAspectSupport.currentTransactionStatus();
      Object savepoint = status.createSavepoint();
      database.change(id, price);
      status.rollbackToSavepoint(savepoint);
      return price;
    }

    @Transactional
    @Cacheable(cacheNames = "prices", key = "'sum'")
    public int sumAfterChange(long id, int price) {
      int ignored = rolledBack(id, price);
      return database.sum();
    }

    @Transactional
    @Cacheable(cacheNames = "prices", key = "'sum'", sync = true)
    public int synchronizedSumAfterChange(long id, int price) {
      int ignored = rolledBack(id, price);
      return database.sum();
    }

    @Transactional
    public int sumRolledBack(long id, int price) {
      int ignored = rolledBack(id, price);
      return database.sum();
    }

    private int rolledBack(long id, int price) {
      database.change(id, price);
      TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
      return price;
    }
  }
}
