package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.cacheinvalidation.internal.cache.Threads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import reactor.core.publisher.Mono;

/** Cache advice outside and inside of transaction advice, on the same method. */
@Tag("G2")
class AdviceTest {

  private final Database database = Database.create();

  private Shop shop(boolean cacheOutside) {
    return shop(cacheOutside ? AdviceOrders.Outside.class : AdviceOrders.Inside.class);
  }

  private Shop shop(Class<?> advice) {
    AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    context.registerBean(Database.class, () -> database);
    context.registerBean(PlatformTransactionManager.class, database::manager);
    context.register(advice, Shop.class);
    context.refresh();
    return context.getBean(Shop.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void put_isStoredAndPublishedAfterTheCommit(boolean cacheOutside) {
    assertThat(shop(cacheOutside).change(1, 11)).isEqualTo(11);
    assertThat(database.cached(1L)).isEqualTo(11);
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void put_ofAMethodThatFails_isNeitherStoredNorPublished(boolean cacheOutside) {
    Shop shop = shop(cacheOutside);
    assertThat(catchThrowable(() -> shop.change(1, -1))).hasMessage("negative");
    assertThat(database.cached(1L)).isNull();
    assertThat(database.published()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void put_duringWhichTheKeyWasEvicted_isNotStored(boolean cacheOutside) {
    Shop shop = shop(cacheOutside);
    shop.price(2);
    shop.meanwhile(() -> database.caches().receiveEviction("prices", 1L));
    shop.change(1, 11);
    assertThat(database.cached(1L)).isNull();
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void eviction_isAppliedAfterTheCommit(boolean cacheOutside) {
    Shop shop = shop(cacheOutside);
    shop.price(1);
    shop.evict(1);
    assertThat(database.cached(1L)).isNull();
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void load_isStoredAfterTheCommit(boolean cacheOutside) {
    assertThat(shop(cacheOutside).price(1)).isEqualTo(10);
    assertThat(database.cached(1L)).isEqualTo(10);
    assertThat(database.published()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void load_duringWhichTheKeyWasEvicted_isNotStored(boolean cacheOutside) {
    Shop shop = shop(cacheOutside);
    shop.meanwhile(() -> database.caches().receiveEviction("prices", 1L));
    assertThat(shop.price(1)).isEqualTo(10);
    assertThat(database.cached(1L)).isNull();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nestedCalls_ofOneTransaction_areGathered(boolean cacheOutside) {
    Shop shop = shop(cacheOutside);
    database.inTransaction(
        status -> {
          shop.change(1, 11);
          shop.evict(2);
          assertThat(shop.price(1)).as("from the database").isEqualTo(11);
          assertThat(database.published()).isEmpty();
          status.setRollbackOnly();
        });
    assertThat(database.cached(1L)).isNull();
    assertThat(database.published()).containsExactly("{\"prices\":[1,2]}");
  }

  @Test
  void monoAssembledOutside_subscribedInsideATransaction_isStoredAfterItsCommitOrNotAtAll() {
    Shop shop = shop(true);
    Mono<Integer> sum = shop.sum(database::sum);
    database.inTransaction(
        status -> {
          database.change(1, 99);
          assertThat(sum.block()).isEqualTo(119);
          status.setRollbackOnly();
        });
    assertThat(database.cached("sum")).isNull();
    assertThat(shop.sum(database::sum).block()).isEqualTo(30);
    assertThat(database.cached("sum")).isEqualTo(30);
  }

  @Test
  void put_inATransactionWhoseBeginningWasNotSeen_onlyEvicts() {
    Database unseen = Database.unseen();
    unseen.inTransaction(
        () -> {
          assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isTrue();
          AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
          context.registerBean(Database.class, () -> unseen);
          context.registerBean(PlatformTransactionManager.class, unseen::manager);
          context.register(AdviceOrders.Outside.class, Shop.class);
          context.refresh();
          context.getBean(Shop.class).change(1, 11);
        });
    assertThat(unseen.cached(1L)).isNull();
    assertThat(unseen.published()).containsExactly("{\"prices\":[1]}");
  }

  @Tag("G2.9")
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void reads_insideATransaction_callTheMethodOnce(boolean cacheOutside) {
    Shop shop = shop(cacheOutside);
    AtomicInteger calls = new AtomicInteger();
    shop.meanwhile(calls::incrementAndGet);
    database.inTransaction(
        () -> {
          for (int round = 0; round < 3; round++) {
            assertThat(shop.price(1)).isEqualTo(10);
            assertThat(shop.priceOneAtATime(2)).isEqualTo(20);
            assertThat(shop.priceLater(3, CompletableFuture.completedFuture(30)).join())
                .isEqualTo(30);
            assertThat(shop.sum(calls::incrementAndGet).block()).isLessThan(5);
          }
        });
    assertThat(calls).hasValue(4);
    assertThat(database.cached(1L)).isEqualTo(10);
    assertThat(database.cached(2L)).isEqualTo(20);
    assertThat(database.cached(3L)).isEqualTo(30);
    assertThat(database.published()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(classes = {AdviceOrders.Outside.class, AdviceOrders.Decorated.class})
  void futureOfATransaction_completedOnAnotherThread_isStoredAfterItsCommit(Class<?> advice) {
    Shop shop = shop(advice);
    CompletableFuture<Integer> source = new CompletableFuture<>();
    database.inTransaction(
        () -> {
          CompletableFuture<Integer> sum = shop.priceLater(5, source);
          completeElsewhere(source, database.sum());
          assertThat(sum).isCompletedWithValue(30);
          assertThat(database.cached(5L)).isNull();
        });
    assertThat(database.cached(5L)).isEqualTo(30);
    assertThat(database.published()).isEmpty();
  }

  @Tag("G2.33")
  @ParameterizedTest
  @ValueSource(classes = {AdviceOrders.Outside.class, AdviceOrders.Decorated.class})
  void futureOfATransactionThatRollsBack_completedOnAnotherThread_isNotStored(Class<?> advice) {
    Shop shop = shop(advice);
    CompletableFuture<Integer> source = new CompletableFuture<>();
    database.inTransaction(
        status -> {
          database.change(1, 99);
          CompletableFuture<Integer> sum = shop.priceLater(5, source);
          completeElsewhere(source, database.sum());
          assertThat(sum).isCompletedWithValue(119);
          status.setRollbackOnly();
        });
    assertThat(database.cached(5L)).isNull();
  }

  @Tag("G2.33")
  @ParameterizedTest
  @ValueSource(classes = {AdviceOrders.Outside.class, AdviceOrders.Decorated.class})
  void futureOfAViewOlderThanAnInvalidation_completedOnAnotherThread_isNotStored(Class<?> advice) {
    Shop shop = shop(advice);
    CompletableFuture<Integer> source = new CompletableFuture<>();
    assertThat(shop.price(1)).isEqualTo(10);
    database.inReadOnly(
        () -> {
          database.caches().receiveEviction("prices", 5L);
          CompletableFuture<Integer> old = shop.priceLater(5, source);
          completeElsewhere(source, 50);
          assertThat(old).isCompletedWithValue(50);
        });
    assertThat(database.cached(5L)).isNull();
  }

  private static void completeElsewhere(CompletableFuture<Integer> source, int value) {
    try {
      assertThat(Threads.start(() -> source.complete(value)).result()).isTrue();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  static class Shop {

    private final Database database;

    private Runnable meanwhile = () -> {};

    Shop(Database database) {
      this.database = database;
    }

    void meanwhile(Runnable action) {
      meanwhile = action;
    }

    @Transactional
    @Cacheable("prices")
    public int price(long id) {
      int price = database.price(id);
      meanwhile.run();
      return price;
    }

    @Transactional
    @Cacheable(cacheNames = "prices", sync = true)
    public int priceOneAtATime(long id) {
      return price(id);
    }

    @Cacheable(cacheNames = "prices", key = "#id")
    public CompletableFuture<Integer> priceLater(long id, CompletableFuture<Integer> price) {
      meanwhile.run();
      return price;
    }

    @Transactional
    @CachePut(cacheNames = "prices", key = "#id")
    public int change(long id, int price) {
      database.change(id, price);
      meanwhile.run();
      if (price < 0) {
        throw new IllegalArgumentException("negative");
      }
      return price;
    }

    @Transactional
    @CacheEvict("prices")
    public void evict(long id) {
      database.change(id, 0);
    }

    @Cacheable(cacheNames = "prices", key = "'sum'")
    public Mono<Integer> sum(Supplier<Integer> source) {
      return Mono.fromSupplier(source);
    }
  }
}
