package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.cache.Threads;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.transaction.TransactionDefinition;

@Tag("G2")
class TransactionalLoadsTest {

  private final Database database = Database.create();

  @Tag("G2.15")
  @Test
  void load_inAReadWriteTransaction_isStoredAfterItsCommit() {
    database.inTransaction(
        () -> {
          assertThat(database.cache().get(1L, () -> database.price(1))).isEqualTo(10);
          assertThat(database.cached(1L)).isNull();
        });
    assertThat(database.cached(1L)).isEqualTo(10);
    assertThat(database.published()).isEmpty();
  }

  @Tag("G2.15")
  @Test
  void load_inATransactionThatRollsBack_isNotStored() {
    database.inTransaction(
        status -> {
          database.change(1, 99);
          assertThat(database.cache().get("sum", database::sum)).isEqualTo(119);
          status.setRollbackOnly();
        });
    assertThat(database.cached("sum")).isNull();
    assertThat(database.observer().newCacheEvents()).containsExactly("refused prices TRANSACTION");
  }

  @Test
  void load_inAReadOnlyTransaction_isStoredAtOnce() {
    database.inReadOnly(
        () -> {
          database.cache().get(1L, () -> database.price(1));
          assertThat(database.cached(1L)).isEqualTo(10);
        });
  }

  @Tag("G2.16")
  @Test
  void load_ofAViewOlderThanAnInvalidation_isNotStored() {
    database.inReadOnly(
        () -> {
          database.caches().receiveEviction("prices", 1L);
          database.cache().get(1L, () -> "as the transaction saw it when it began");
        });
    assertThat(database.cached(1L)).isNull();
    assertThat(database.observer().newCacheEvents()).contains("refused prices INVALIDATED");
  }

  @Test
  void load_ofAKnownTypeWithAViewOlderThanAnInvalidation_isNotStored() {
    database.cache().get(2L, () -> database.price(2));
    database.inReadOnly(
        () -> {
          database.caches().receiveEviction("prices", 1L);
          database.cache().get(1L, () -> "as the transaction saw it when it began");
        });
    assertThat(database.cached(1L)).isNull();
  }

  @Test
  void load_ofTheFirstText_withAViewOlderThanAMessageFromOutside_isNotStored() {
    for (String message :
        List.of(
            "{\"key\":\"abc\"}",
            "{\"key\":\"prices:abc\"}",
            "{\"cache\":\"prices\",\"key\":\"abc\"}")) {
      Database fresh = Database.create();
      fresh.inTransaction(
          () -> {
            fresh.caches().receive(message);
            fresh.cache().get("abc", () -> "as the transaction saw it when it began");
          });
      assertThat(fresh.cached("abc")).isNull();
    }
  }

  @Test
  void firstLoadOfAType_withAViewOlderThanAnEvictionOfAnotherWidthHere_isNotStored() {
    database.inReadOnly(
        () -> {
          onAnotherThread(() -> database.cache().evictIfPresent(-1));
          database.cache().get(-1L, () -> "as the transaction saw it when it began");
        });
    assertThat(database.cached(-1L)).isNull();
  }

  @Test
  void firstLoadOfAType_withAViewOlderThanAPutOfAnotherWidthHere_isNotStored() {
    List<Consumer<Database>> puts =
        List.of(
            fresh -> fresh.cache().put(-1, "new"),
            fresh -> fresh.cache().putIfAbsent(-1, "new"),
            fresh -> fresh.inTransaction(() -> fresh.cache().put(-1, "new")));
    for (Consumer<Database> put : puts) {
      Database fresh = Database.create();
      fresh.inReadOnly(
          () -> {
            onAnotherThread(Executors.callable(() -> put.accept(fresh)));
            fresh.cache().get(-1L, () -> "as the transaction saw it when it began");
          });
      assertThat(fresh.cached(-1L)).as("put %s", puts.indexOf(put)).isNull();
      assertThat(fresh.cached(-1)).isEqualTo("new");
    }
  }

  @Test
  void firstLoadBeyondTheTypesThatAreKept_withAViewOlderThanAMessage_isNotStored() {
    for (int type = 0; type < 64; type++) {
      database.cache().get(keyOfType(type), () -> 1);
    }
    Object key = keyOfType(64);
    database.inReadOnly(
        () -> {
          database.caches().receiveEviction("prices", key);
          database.cache().get(key, () -> "as the transaction saw it when it began");
        });
    assertThat(database.cached(key)).isNull();
  }

  /** A key whose type differs for each number: each bit says the type of one part. */
  private static SimpleKey keyOfType(int number) {
    Object[] parts = new Object[7];
    for (int bit = 0; bit < parts.length; bit++) {
      parts[bit] = (number >> bit & 1) == 0 ? (Object) 1L : "a";
    }
    return new SimpleKey(parts);
  }

  @Test
  void firstLoadOfAType_withoutAnInvalidationSince_isStored() {
    database.inTransaction(() -> database.cache().get(1L, () -> database.price(1)));
    assertThat(database.cached(1L)).isEqualTo(10);
  }

  @Test
  void load_ofAViewOlderThanAClear_isNotStored() {
    database.inTransaction(
        () -> {
          onAnotherThread(() -> database.cache().invalidate());
          database.cache().get(1L, () -> "as the transaction saw it when it began");
        });
    assertThat(database.cached(1L)).isNull();
  }

  @Test
  void load_ofAKeyInvalidatedBeforeTheTransactionBegan_isStored() {
    database.caches().receiveEviction("prices", 1L);
    database.inTransaction(() -> database.cache().get(1L, () -> database.price(1)));
    assertThat(database.cached(1L)).isEqualTo(10);
  }

  @Test
  void load_intoACacheYoungerThanItsTransaction_isNotStored() {
    database.inTransaction(
        () -> {
          database.caches().receiveEviction("young", 1L);
          database.cache("young").get(1L, () -> "an invalidation that no cache heard may be newer");
        });
    assertThat(database.cached("young", 1L)).isNull();
  }

  @Test
  void load_invalidatedBetweenItselfAndTheCommit_isNotStored() {
    database.inTransaction(
        () -> {
          database.cache().get(1L, () -> database.price(1));
          database.caches().receiveEviction("prices", 1L);
        });
    assertThat(database.cached(1L)).isNull();
  }

  @Tag("G2.22")
  @Test
  void load_inRequiresNew_countsFromItsOwnBeginning() {
    database.inTransaction(
        outer -> {
          database.caches().receiveEviction("prices", 1L);
          database.inTransaction(
              TransactionDefinition.PROPAGATION_REQUIRES_NEW,
              inner -> database.cache().get(1L, () -> database.price(1)));
          outer.setRollbackOnly();
        });
    assertThat(database.cached(1L)).isEqualTo(10);
  }

  @Test
  void load_afterRequiresNewHasEnded_countsFromTheOuterBeginning() {
    database.inTransaction(
        outer -> {
          database.caches().receiveEviction("prices", 1L);
          database.inTransaction(
              TransactionDefinition.PROPAGATION_REQUIRES_NEW, inner -> database.price(2));
          database.cache().get(1L, () -> "as the outer transaction sees it");
        });
    assertThat(database.cached(1L)).isNull();
  }

  @Tag("G2.21")
  @Test
  void load_inNested_countsFromTheOuterBeginning() {
    database.inTransaction(
        outer -> {
          database.caches().receiveEviction("prices", 1L);
          database.inTransaction(
              TransactionDefinition.PROPAGATION_NESTED,
              inner -> database.cache().get(1L, () -> "as the outer transaction sees it"));
        });
    assertThat(database.cached(1L)).isNull();
  }

  @Test
  void load_inSupportsWithoutTransaction_isStoredAtOnce() {
    database.inTransaction(
        TransactionDefinition.PROPAGATION_SUPPORTS,
        status -> {
          database.cache().get(1L, () -> database.price(1));
          assertThat(database.cached(1L)).isEqualTo(10);
        });
  }

  @Test
  void future_begunInATransaction_isStoredAfterItsCommit() throws Exception {
    CompletableFuture<Object> source = new CompletableFuture<>();
    CompletableFuture<?>[] retrieved = new CompletableFuture<?>[1];
    database.inTransaction(
        () -> {
          retrieved[0] = database.cache().retrieve(1L, () -> source);
          onAnotherThread(() -> source.complete(10));
          assertThat(database.cached(1L)).isNull();
        });
    assertThat(retrieved[0].get()).isEqualTo(10);
    assertThat(database.cached(1L)).isEqualTo(10);
  }

  @Test
  void future_begunInATransaction_completedAfterItsRollback_isNotStored() {
    CompletableFuture<Object> source = new CompletableFuture<>();
    CompletableFuture<?>[] retrieved = new CompletableFuture<?>[1];
    database.inTransaction(
        status -> {
          retrieved[0] = database.cache().retrieve(1L, () -> source);
          status.setRollbackOnly();
        });
    source.complete("not committed");
    assertThat(retrieved[0].join()).isEqualTo("not committed");
    assertThat(database.cached(1L)).isNull();
  }

  @Test
  void future_begunInATransaction_completedAfterItsCommit_isStored() {
    CompletableFuture<Object> source = new CompletableFuture<>();
    CompletableFuture<?>[] retrieved = new CompletableFuture<?>[1];
    database.inTransaction(() -> retrieved[0] = database.cache().retrieve(1L, () -> source));
    source.complete(10);
    assertThat(retrieved[0].join()).isEqualTo(10);
    assertThat(database.cached(1L)).isEqualTo(10);
  }

  @Test
  void loadsInTransactions_doNotJoinFlights() throws Exception {
    java.util.concurrent.CountDownLatch release = new java.util.concurrent.CountDownLatch(1);
    java.util.concurrent.CountDownLatch begun = new java.util.concurrent.CountDownLatch(1);
    Threads<Object> leader =
        Threads.start(
            () ->
                database
                    .cache()
                    .get(
                        1L,
                        () -> {
                          begun.countDown();
                          Threads.reach(release);
                          return "leader's";
                        }));
    Threads.reach(begun);
    database.inTransaction(
        () -> assertThat(database.cache().get(1L, () -> "own")).isEqualTo("own"));
    release.countDown();
    assertThat(leader.result()).isEqualTo("leader's");
  }

  @Tag("G2.17")
  @Test
  void transactionWhoseBeginningWasNotSeen_storesNoLoads_andCountsThem() {
    Database unseen = Database.unseen();
    unseen.inTransaction(() -> unseen.cache().get(1L, () -> unseen.price(1)));
    unseen.inReadOnly(() -> unseen.cache().get(1L, () -> unseen.price(1)));
    assertThat(unseen.cached(1L)).isNull();
    assertThat(unseen.observer().newCacheEvents())
        .containsExactly("refused prices UNSEEN_TRANSACTION", "refused prices UNSEEN_TRANSACTION");
  }

  @Test
  void transactionWhoseBeginningWasNotSeen_gathersItsWritesAllTheSame() {
    Database unseen = Database.unseen();
    unseen.inTransaction(
        () -> {
          unseen.cache().evict(1L);
          unseen.cache().evict(2L);
          assertThat(unseen.published()).isEmpty();
        });
    assertThat(unseen.published()).containsExactly("{\"prices\":[1,2]}");
    unseen.inTransaction(
        status -> {
          unseen.cache().evict(1L);
          status.setRollbackOnly();
        });
    assertThat(unseen.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void twoTransactionManagers_haveTransactionsOfTheirOwn() {
    Database.FailingTransactionManager second = database.secondManager();
    database.inTransaction(
        outer -> {
          database.cache().evict(1L);
          new org.springframework.transaction.support.TransactionTemplate(second)
              .executeWithoutResult(inner -> database.cache().evict(2L));
          assertThat(database.published()).containsExactly("{\"prices\":[2]}");
        });
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void loadBegunOutside_thatEndsInsideATransaction_isStoredAfterItsCommitOrNotAtAll() {
    CompletableFuture<Integer> source = new CompletableFuture<>();
    CompletableFuture<Integer> load = database.cache().retrieve("sum", () -> source);
    database.inTransaction(
        status -> {
          database.change(1, 99);
          source.complete(database.sum());
          status.setRollbackOnly();
        });
    assertThat(load.join()).isEqualTo(119);
    assertThat(database.cached("sum")).isNull();
  }

  @Test
  void loaderWithATransactionOfItsOwn_isStoredAtOnce() {
    database
        .cache()
        .get(
            "sum",
            () -> {
              int[] sum = new int[1];
              database.inTransaction(() -> sum[0] = database.sum());
              return sum[0];
            });
    assertThat(database.cached("sum")).isEqualTo(30);
  }

  private static void onAnotherThread(Callable<?> work) {
    try {
      Object ignored = Threads.start(work::call).result();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }
}
