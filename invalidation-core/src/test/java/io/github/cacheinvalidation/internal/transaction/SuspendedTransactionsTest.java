package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_REQUIRES_NEW;

import io.github.cacheinvalidation.NotPublishedException;
import io.github.cacheinvalidation.internal.cache.Threads;
import io.github.cacheinvalidation.internal.cache.ViewResolver;
import io.github.cacheinvalidation.internal.outbox.OutboxSettings;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * Writes that a suspended transaction gathers, does at once and does again after its resumption.
 */
@Tag("G2")
class SuspendedTransactionsTest {

  private final Database database = Database.create();

  @Test
  void evictionAtOnce_isDoneAgainAtTheEnd() {
    database.inTransaction(
        outer -> {
          suspendOnce(database);
          database.cache().evict(1L);
          assertThat(database.published()).containsExactly("{\"prices\":[1]}");
        });
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void putAfterASuspension_evictsAtOnce_andIsStoredAfterTheCommit() {
    database.inTransaction(
        outer -> {
          suspendOnce(database);
          database.cache().put(1L, 11);
          assertThat(database.published()).containsExactly("{\"prices\":[1]}");
        });
    assertThat(database.cached(1L)).isEqualTo(11);
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void putIfAbsentAfterASuspension_evictsAtOnce_andIsStoredAfterTheCommit() {
    database.inTransaction(
        outer -> {
          suspendOnce(database);
          assertThat(database.cache().putIfAbsent(1L, 11)).isNull();
          assertThat(database.published()).containsExactly("{\"prices\":[1]}");
          assertThat(database.cache().putIfAbsent(1L, 12)).isNotNull();
          assertThat(database.published()).as("nothing was put").isEmpty();
        });
    assertThat(database.cached(1L)).isEqualTo(11);
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void evictionBeforeItsChange_isDoneAtEachResumption_andAtTheEnd() {
    database.inTransaction(
        outer -> {
          database.cache().evictIfPresent(1L);
          database.cache("names").invalidate();
          assertThat(database.published()).isEmpty();
          suspendOnce(database);
          assertThat(database.published()).containsExactly("{\"prices\":[1],\"names\":\"*\"}");
          suspendOnce(database);
          assertThat(database.published()).containsExactly("{\"prices\":[1],\"names\":\"*\"}");
        });
    assertThat(database.published()).containsExactly("{\"prices\":[1],\"names\":\"*\"}");
  }

  @Test
  void evictionBeforeItsChange_thatIsCommittedInALaterSuspension_leavesNothingOld() {
    database.inTransaction(
        outer -> {
          database.cache().evictIfPresent(1L);
          suspendOnce(database);
          assertThat(database.cached(1L)).isNull();
          Object ignored = elsewhere(() -> database.cache().get(1L, () -> database.price(1)));
          database.inTransaction(PROPAGATION_REQUIRES_NEW, inner -> database.change(1, 99));
          assertThat(database.cached(1L)).as("while the outer transaction is open").isNull();
        });
  }

  @Test
  void evictionOfAnotherTransaction_thatEndedBefore_actsAtTheEndOfItsOwn() {
    database.inTransaction(outer -> suspendOnce(database));
    database.inTransaction(
        () -> {
          database.cache().evict(1L);
          assertThat(database.published()).isEmpty();
        });
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void evictionAtOnce_thatIsNotPublishedInTime_isDoneAgainAtTheEnd() {
    Database awaiting = awaiting();
    Throwable atTheEnd =
        catchThrowable(
            () ->
                awaiting.inTransaction(
                    outer -> {
                      suspendOnce(awaiting);
                      assertThatThrownBy(() -> awaiting.cache().evict(1L))
                          .isInstanceOf(NotPublishedException.class);
                      assertThat(awaiting.published()).containsExactly("{\"prices\":[1]}");
                    }));
    assertThat(atTheEnd).isInstanceOf(NotPublishedException.class);
    assertThat(awaiting.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void evictionAtAResumption_thatIsNotPublishedInTime_isReportedAtTheEnd() {
    Database awaiting = awaiting();
    boolean[] wentOn = new boolean[1];
    assertThatThrownBy(
            () ->
                awaiting.inTransaction(
                    outer -> {
                      awaiting.cache().evictIfPresent(1L);
                      suspendOnce(awaiting);
                      wentOn[0] = true;
                    }))
        .isInstanceOf(NotPublishedException.class)
        .satisfies(failure -> assertThat(failure.getSuppressed()).as("at the end").hasSize(1));
    assertThat(wentOn).containsExactly(true);
  }

  @Test
  void annotatedMethod_inATransactionWhoseBeginningWasNotSeen_evictsAtOnce() {
    Database unseen = Database.unseen();
    try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
      context.registerBean(Database.class, () -> unseen);
      context.register(Advice.class, Shop.class);
      context.refresh();
      Shop shop = context.getBean(Shop.class);
      unseen.inTransaction(
          outer -> {
            shop.evict(1, () -> suspendOnce(unseen));
            assertThat(unseen.published()).containsExactly("{\"prices\":[1]}");
            outer.setRollbackOnly();
          });
      assertThat(unseen.published()).containsExactly("{\"prices\":[1]}");
    }
  }

  private static Database awaiting() {
    return Database.with(new OutboxSettings(true, Duration.ofMillis(1), 512, 100_000));
  }

  private static <T extends @Nullable Object> T elsewhere(Callable<T> work) {
    try {
      return Threads.start(work).result();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private static void suspendOnce(Database database) {
    database.inTransaction(PROPAGATION_REQUIRES_NEW, inner -> database.change(2, 21));
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
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

    @CacheEvict(cacheNames = "prices", key = "#id")
    public void evict(long id, Runnable change) {
      change.run();
    }
  }
}
