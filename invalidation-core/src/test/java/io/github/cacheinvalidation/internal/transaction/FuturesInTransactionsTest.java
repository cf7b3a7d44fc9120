package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.cache.Threads;
import io.github.cacheinvalidation.internal.cache.ViewResolver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.target.SingletonTargetSource;
import org.springframework.cache.Cache;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Annotated methods whose result comes later, on another thread than the one of the transaction in
 * which they were called. Spring puts, or evicts, on the thread that brings the result.
 */
@Tag("G2")
class FuturesInTransactionsTest {

  private final CountDownLatch evicted = new CountDownLatch(1);

  private final CountDownLatch ended = new CountDownLatch(1);

  private volatile boolean awaitingTheEnd;

  private final Database here =
      Database.removing(
          (key, value, cause) -> {
            if (awaitingTheEnd) {
              evictedBeforeTheEnd();
            }
          });

  private final Database there = here.secondNode();

  private final CompletableFuture<Integer> source = new CompletableFuture<>();

  private @Nullable AnnotationConfigApplicationContext context;

  private Shop shop(Class<?> advice) {
    AnnotationConfigApplicationContext created = new AnnotationConfigApplicationContext();
    context = created;
    created.registerBean(Database.class, () -> here);
    created.registerBean(PlatformTransactionManager.class, here::manager);
    created.register(advice, Shop.class);
    created.refresh();
    return created.getBean(Shop.class);
  }

  @AfterEach
  void close() {
    if (context != null) {
      context.close();
    }
  }

  static Stream<Arguments> all() {
    return Stream.of(Outside.class, Decorated.class)
        .flatMap(advice -> Stream.of(Operation.values()).map(each -> Arguments.of(advice, each)));
  }

  @ParameterizedTest
  @MethodSource("all")
  void resultOfATransactionThatRollsBack_isSeenByNobody(Class<?> advice, Operation operation) {
    Shop shop = shop(advice);
    here.inTransaction(
        outer -> {
          here.change(1, 99);
          CompletableFuture<?> result = operation.call(shop, source);
          completeElsewhere(99);
          assertThat(result).isCompleted();
          assertThatAllSee(10);
          outer.setRollbackOnly();
        });
    assertThatAllSee(10);
  }

  @ParameterizedTest
  @MethodSource("all")
  void whatOthersLoadBeforeTheCommit_isEvictedAfterIt(Class<?> advice, Operation operation) {
    Shop shop = shop(advice);
    here.inTransaction(
        () -> {
          here.change(1, 99);
          CompletableFuture<?> result = operation.call(shop, source);
          completeElsewhere(99);
          assertThat(result).isCompleted();
          assertThatAllSee(10);
        });
    assertThatAllSee(99);
  }

  @ParameterizedTest
  @MethodSource("all")
  void changeOfTheThreadThatBringsTheResult_isSeenAtOnce(Class<?> advice, Operation operation) {
    Shop shop = shop(advice);
    here.inTransaction(
        outer -> {
          assertThatAllSee(10);
          CompletableFuture<?> result = operation.call(shop, source);
          elsewhere(
              () -> {
                here.change(1, 99);
                return source.complete(99);
              });
          assertThat(result).isCompleted();
          assertThatAllSee(99);
          outer.setRollbackOnly();
        });
    assertThatAllSee(99);
  }

  @ParameterizedTest
  @MethodSource("all")
  void resultBroughtInATransactionThatRollsBack_isSeenByNobody(
      Class<?> advice, Operation operation) {
    Shop shop = shop(advice);
    here.inTransaction(
        () -> {
          CompletableFuture<?> result = operation.call(shop, source);
          elsewhere(
              () -> {
                here.inTransaction(
                    inner -> {
                      here.change(1, 99);
                      source.complete(99);
                      assertThat(result).isCompleted();
                      assertThatAllSee(10);
                      inner.setRollbackOnly();
                    });
                return "done";
              });
          assertThatAllSee(10);
        });
    assertThatAllSee(10);
  }

  /** What the other thread read before is older than the commit of the first. */
  @ParameterizedTest
  @MethodSource("all")
  void resultBroughtInATransaction_ofAMethodWhoseOwnHasNotEnded_isEvictedAfterBoth(
      Class<?> advice, Operation operation) {
    Shop shop = shop(advice);
    here.inTransaction(
        () -> {
          here.change(1, 99);
          CompletableFuture<?> result = operation.call(shop, source);
          elsewhere(
              () -> {
                here.inTransaction(() -> source.complete(99));
                return "done";
              });
          assertThat(result).isCompleted();
          assertThatAllSee(10);
        });
    assertThatAllSee(99);
  }

  /** The change may be committed before that transaction began. */
  @ParameterizedTest
  @MethodSource("all")
  void resultBroughtInATransaction_ofAMethodThatWasCalledInNone_isEvictedAtOnce(
      Class<?> advice, Operation operation) {
    Shop shop = shop(advice);
    assertThatAllSee(10);
    CompletableFuture<?> result = operation.call(shop, source);
    here.change(1, 99);
    here.inTransaction(
        () -> {
          source.complete(99);
          assertThat(result).isCompleted();
          assertThatAllSee(99);
        });
    assertThatAllSee(99);
  }

  /** Others load the old value, and the transaction ends, after the eviction at once. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "(PUT|EVICT).*")
  void transactionThatEndsBetweenTheTwoEvictions_leavesNothingOld(Operation operation)
      throws Exception {
    Shop shop = shop(Outside.class);
    here.cache().put(1L, 10);
    List<Threads<Boolean>> other = new ArrayList<>();
    here.inTransaction(
        () -> {
          here.change(1, 99);
          CompletableFuture<?> ignored = operation.call(shop, source);
          awaitingTheEnd = true;
          other.add(Threads.start(() -> source.complete(99)));
          Threads.reach(evicted);
        });
    ended.countDown();
    assertThat(other.get(0).result()).isTrue();
    assertThatAllSee(99);
  }

  private void evictedBeforeTheEnd() {
    awaitingTheEnd = false;
    assertThat(elsewhere(() -> here.cache().get(1L, () -> here.price(1)))).isEqualTo(10);
    evicted.countDown();
    Threads.reach(ended);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "PUT.*")
  void put_broughtAfterTheCommit_isStoredAndPublished(Operation operation) {
    Shop shop = shop(Outside.class);
    here.inTransaction(
        () -> {
          here.change(1, 99);
          CompletableFuture<?> ignored = operation.call(shop, source);
        });
    completeElsewhere(99);
    assertThat(here.cached(1L)).isIn(99, List.of(99));
    assertThat(here.published()).containsExactly("{\"prices\":[1]}");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "PUT.*")
  void put_broughtAfterTheRollback_onlyEvicts(Operation operation) {
    Shop shop = shop(Outside.class);
    here.inTransaction(
        outer -> {
          here.change(1, 99);
          CompletableFuture<?> ignored = operation.call(shop, source);
          outer.setRollbackOnly();
        });
    completeElsewhere(99);
    assertThat(here.cached(1L)).isNull();
    assertThat(here.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void put_begunSinceARolledBackSavepoint_onlyEvicts() {
    Shop shop = shop(Outside.class);
    CompletableFuture<Integer> late = new CompletableFuture<>();
    here.inTransaction(
        outer -> {
          Object savepoint = outer.createSavepoint();
          here.change(1, 99);
          List<CompletableFuture<Integer>> ignored =
              List.of(shop.put(1, source), shop.put(2, late));
          outer.rollbackToSavepoint(savepoint);
          completeElsewhere(99);
        });
    assertThat(here.cached(1L)).isNull();
    assertThat(elsewhere(() -> late.complete(99))).isEqualTo(true);
    assertThat(here.cached(2L)).isNull();
  }

  @Test
  void put_ofAViewOlderThanAnInvalidation_broughtAfterTheCommit_onlyEvicts() {
    Shop shop = shop(Outside.class);
    here.cache().put(1L, 10);
    here.inTransaction(
        () -> {
          here.caches().receiveEviction("prices", 1L);
          CompletableFuture<Integer> ignored = shop.put(1, source);
        });
    completeElsewhere(11);
    assertThat(here.cached(1L)).isNull();
  }

  /** What is read there is read through the transaction that has ended. */
  @Test
  void put_begunInAfterCommit_broughtAfterIt_onlyEvicts() {
    Shop shop = shop(Outside.class);
    here.inTransaction(
        () ->
            TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                  @Override
                  public void afterCommit() {
                    here.change(1, 99);
                    CompletableFuture<Integer> ignored = shop.put(1, source);
                  }
                }));
    completeElsewhere(99);
    assertThat(here.cached(1L)).isNull();
    assertThat(here.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void put_begunInATransactionWhoseBeginningWasNotSeen_broughtAfterTheCommit_onlyEvicts() {
    here.manager().setTransactionExecutionListeners(List.of());
    Shop shop = shop(Outside.class);
    here.inTransaction(
        () -> {
          CompletableFuture<Integer> ignored = shop.put(1, source);
        });
    completeElsewhere(11);
    assertThat(here.cached(1L)).isNull();
    assertThat(here.published()).containsExactly("{\"prices\":[1]}");
  }

  @ParameterizedTest
  @MethodSource("orders")
  void put_ofAMethodThatAskedForARollback_onlyEvicts(Class<?> advice) {
    CompletableFuture<Integer> result = shop(advice).changeAndRollBack(1, 99, source);
    completeElsewhere(99);
    assertThat(result).isCompletedWithValue(99);
    assertThat(here.cached(1L)).isNull();
    assertThat(here.published()).containsExactly("{\"prices\":[1]}");
  }

  @ParameterizedTest
  @MethodSource("orders")
  void load_ofAMethodThatAskedForARollback_isNotStored(Class<?> advice) {
    CompletableFuture<Integer> result = shop(advice).loadRolledBack(1, 99, source);
    completeElsewhere(99);
    assertThat(result).isCompletedWithValue(99);
    assertThat(here.cached(1L)).isNull();
    assertThat(here.observer().newCacheEvents()).containsExactly("refused prices TRANSACTION");
  }

  @ParameterizedTest
  @MethodSource("orders")
  void sharedLoad_ofAMethodThatAskedForARollback_isNotStored(Class<?> advice) {
    CompletableFuture<Integer> result = shop(advice).sharedLoadRolledBack(1, 99, source);
    completeElsewhere(99);
    assertThat(result).isCompletedWithValue(99);
    assertThat(here.cached(1L)).isNull();
    assertThat(here.observer().newCacheEvents()).containsExactly("refused prices TRANSACTION");
  }

  static Stream<Class<?>> orders() {
    return Stream.of(Outside.class, Decorated.class, Inside.class);
  }

  /** The eviction waits for the inner transaction, not for the one around it. */
  @ParameterizedTest
  @EnumSource
  void resultOfAnotherManagersTransactionInside_isEvictedAfterThatOne(Operation operation) {
    Shop shop = shop(Outside.class);
    TransactionTemplate second = new TransactionTemplate(here.secondManager());
    here.inTransaction(
        outer -> {
          second.executeWithoutResult(
              inner -> {
                CompletableFuture<?> result = operation.call(shop, source);
                completeElsewhere(99);
                assertThat(result).isCompleted();
                elsewhere(() -> here.cache().get(1L, () -> "before the inner commit"));
                here.caches().deliverTo(there.caches());
              });
          assertThat(here.cached(1L)).isNull();
          assertThat(here.published()).isNotEmpty();
        });
  }

  /** While the writes of the transaction are done, nothing can be added to them. */
  @ParameterizedTest
  @EnumSource
  void resultBroughtWhileTheTransactionEnds_isEvicted(Operation operation) {
    Shop shop = shop(Outside.class);
    here.inTransaction(
        () -> {
          CompletableFuture<?> result = operation.call(shop, source);
          UnitOfWork unit = here.caches().transactions().current();
          assertThat(unit).isNotNull();
          unit.evict(
              new DuringTheEnd(
                  () -> {
                    elsewhere(() -> here.cache().get(1L, () -> "before the result"));
                    completeElsewhere(99);
                    assertThat(result).isCompleted();
                  }),
              "key");
        });
    assertThat(source).isCompleted();
    assertThat(here.cached(1L)).isNull();
    assertThat(here.published()).isNotEmpty();
  }

  /** Reads through the view of the thread that brings the result, so nobody may share it. */
  @Test
  void joinerOfAFuture_thatIsCompletedInsideATransaction_loadsOnItsOwn() throws Exception {
    CompletableFuture<Integer> leader = here.cache().retrieve("sum", () -> source);
    Threads<Object> joiner =
        Threads.<Object>start(() -> here.cache("names").get("outer", () -> joinedSum().join()))
            .untilWaiting();
    here.inTransaction(
        status -> {
          here.change(1, 99);
          source.complete(here.sum());
          assertThat(leader).isCompletedWithValue(119);
          status.setRollbackOnly();
        });
    assertThat(joiner.result()).isEqualTo(30);
    assertThat(here.cached("names", "outer")).isEqualTo(30);
  }

  @Test
  void joinerOfAFuture_thatFailsInsideATransaction_loadsOutsideOfIt() throws Exception {
    CompletableFuture<Integer> leader = here.cache().retrieve("sum", () -> source);
    Threads<Object> joiner =
        Threads.<Object>start(() -> here.cache("names").get("outer", () -> joinedSum().join()))
            .untilWaiting();
    here.inTransaction(
        status -> {
          here.change(1, 99);
          source.completeExceptionally(new IllegalStateException("planted"));
          assertThat(leader).isCompletedExceptionally();
          status.setRollbackOnly();
        });
    assertThat(joiner.result()).isEqualTo(30);
    assertThat(here.cached("names", "outer")).isEqualTo(30);
  }

  private CompletableFuture<Integer> joinedSum() {
    return here.cache().retrieve("sum", () -> CompletableFuture.completedFuture(here.sum()));
  }

  private void completeElsewhere(int value) {
    assertThat(elsewhere(() -> source.complete(value))).isEqualTo(true);
  }

  private void assertThatAllSee(int price) {
    here.caches().deliverTo(there.caches());
    for (Database node : List.of(here, there)) {
      Object seen = elsewhere(() -> node.cache().get(1L, () -> node.price(1)));
      assertThat(seen).isIn(price, List.of(price));
    }
  }

  /** On another thread, which is in no transaction. */
  private static @Nullable Object elsewhere(Callable<? extends @Nullable Object> work) {
    try {
      return Threads.<@Nullable Object>start(work::call).result();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  /** What the annotated method does, and in which form its result comes later. */
  enum Operation {
    PUT,
    PUT_MONO,
    PUT_FLUX,
    EVICT,
    EVICT_MONO,
    CLEAR,
    CLEAR_MONO;

    CompletableFuture<?> call(Shop shop, CompletableFuture<Integer> source) {
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

  /** Does something else while the transaction does its writes. */
  private record DuringTheEnd(Runnable work) implements WriteTarget {

    @Override
    public String name() {
      return "during the end";
    }

    @Override
    public boolean localOnly() {
      return true;
    }

    @Override
    public void applyEvict(Object key) {
      work.run();
    }

    @Override
    public void applyClear() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void applyPut(Object key, Object storeValue, long stamp) {
      throw new UnsupportedOperationException();
    }
  }

  /** What all orders of advice share. */
  static class Views implements CachingConfigurer {

    private final Database database;

    Views(Database database) {
      this.database = database;
    }

    @Override
    public CacheResolver cacheResolver() {
      return new ViewResolver(new SimpleCacheResolver(database.caches().manager()));
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching(order = 0)
  @EnableTransactionManagement(order = Ordered.LOWEST_PRECEDENCE)
  static class Outside extends Views {
    Outside(Database database) {
      super(database);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching(order = Ordered.LOWEST_PRECEDENCE)
  @EnableTransactionManagement(order = 0)
  static class Inside extends Views {
    Inside(Database database) {
      super(database);
    }
  }

  /** As {@link Outside}, with a proxy of the application around each cache. */
  @Configuration(proxyBeanMethods = false)
  @EnableCaching(order = 0)
  @EnableTransactionManagement(order = Ordered.LOWEST_PRECEDENCE)
  static class Decorated extends Views {

    private final CacheResolver decorating;

    Decorated(Database database) {
      super(database);
      decorating =
          call ->
              call.getOperation().getCacheNames().stream()
                  .map(name -> new SingletonTargetSource(database.cache(name)))
                  .map(cache -> ProxyFactory.getProxy(Cache.class, cache))
                  .toList();
    }

    @Override
    public CacheResolver cacheResolver() {
      return new ViewResolver(decorating);
    }
  }

  static class Shop {

    private final Database database;

    Shop(Database database) {
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
}
