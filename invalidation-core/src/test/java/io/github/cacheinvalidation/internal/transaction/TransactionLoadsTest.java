package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.cache.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.Cache;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What a transaction has loaded answers its later lookups, and those of nobody else. */
@Tag("G2")
class TransactionLoadsTest {

  private final Database database = Database.create();

  private final AtomicInteger loads = new AtomicInteger();

  private Object load(Object key) {
    return load(database.cache(), key);
  }

  /** Returns how many loads there have been, this one included if there is one. */
  private Object load(Cache cache, Object key) {
    return java.util.Objects.requireNonNull(cache.get(key, loads::incrementAndGet));
  }

  @Test
  void aThousandCalls_loadOnce() {
    database.inTransaction(
        () -> {
          for (int call = 0; call < 1_000; call++) {
            assertThat(load(1L)).isEqualTo(1);
          }
          assertThat(database.cached(1L)).as("before the commit").isNull();
        });
    assertThat(loads).hasValue(1);
    assertThat(database.cached(1L)).isEqualTo(1);
    assertThat(database.published()).isEmpty();
  }

  @Test
  void nullAndTheKeysOfOtherCaches_areKeptApart() {
    database.inTransaction(
        () -> {
          assertThat(database.cache().<Object>get(1L, () -> null)).isNull();
          assertThat(database.cache().get(1L))
              .isNotNull()
              .extracting(Cache.ValueWrapper::get)
              .isNull();
          assertThat(database.cache("names").get(1L)).isNull();
          assertThat(load(database.cache("names"), 1L)).isEqualTo(1);
          assertThat(database.cache().get(2L)).isNull();
        });
  }

  @Test
  void listThatIsChangedAfterTheLoad_findsWhatItNamedThen() {
    database.inTransaction(
        () -> {
          List<Long> key = new ArrayList<>(List.of(1L));
          load(key);
          key.add(2L);
          assertThat(load(List.of(1L))).isEqualTo(1);
          assertThat(load(key)).isEqualTo(2);
        });
  }

  @Test
  void load_isKeptThoughATransactionWasNotSeenToBegin() {
    Database unseen = Database.unseen();
    unseen.inTransaction(
        () -> {
          assertThat(load(unseen.cache(), 1L)).isEqualTo(1);
          assertThat(load(unseen.cache(), 1L)).isEqualTo(1);
        });
    assertThat(unseen.cached(1L)).isNull();
  }

  @Test
  void afterAnEviction_theKeyIsLoadedEachTime() {
    writtenBy(cache -> cache.evict(1L));
  }

  @Test
  void afterAnEvictionAtOnce_theKeyIsLoadedEachTime() {
    writtenBy(cache -> cache.evictIfPresent(1L));
  }

  @Test
  void afterAPut_theKeyIsLoadedEachTime() {
    writtenBy(cache -> cache.put(1L, 99));
  }

  @Test
  void afterAClear_theKeyIsLoadedEachTime() {
    writtenBy(Cache::clear);
  }

  @Test
  void afterAClearAtOnce_theKeyIsLoadedEachTime() {
    writtenBy(Cache::invalidate);
  }

  private void writtenBy(Consumer<Cache> write) {
    database.inTransaction(
        () -> {
          assertThat(load(1L)).isEqualTo(1);
          write.accept(database.cache());
          assertThat(database.cache().get(1L)).isNull();
          assertThat(load(1L)).isEqualTo(2);
          assertThat(load(1L)).isEqualTo(3);
        });
  }

  @Test
  void evictionOfAnotherKey_leavesTheLoad() {
    database.inTransaction(
        () -> {
          load(1L);
          database.cache().evict(2L);
          assertThat(load(1L)).isEqualTo(1);
        });
  }

  @Test
  void anotherThread_doesNotSeeIt() {
    database.inTransaction(
        () -> {
          load(1L);
          assertThat(onAnotherThread(() -> load(1L))).isEqualTo(2);
          assertThat(load(1L)).as("what this transaction saw").isEqualTo(1);
        });
  }

  @Test
  void anotherTransaction_doesNotSeeIt() {
    database.inTransaction(
        () -> {
          load(1L);
          onAnotherThread(
              () -> {
                database.inTransaction(() -> assertThat(load(1L)).isEqualTo(2));
                return 0;
              });
        });
  }

  @Test
  void afterTheRollback_nobodySeesIt() {
    database.inTransaction(
        status -> {
          load(1L);
          atItsEnd(() -> assertThat(database.cache().get(1L)).isNull());
          status.setRollbackOnly();
        });
    assertThat(database.cache().get(1L)).isNull();
    database.inTransaction(() -> assertThat(load(1L)).isEqualTo(2));
  }

  @Test
  void afterTheEnd_noLookupLooksForIt() {
    SpringTransactions transactions = (SpringTransactions) database.caches().transactions();
    WriteTarget cache = (WriteTarget) database.cache();
    database.inTransaction(
        () -> {
          load(1L);
          assertThat(transactions.keptLoad(cache, 1L)).isNotNull();
        });
    database.inReadOnly(() -> load(2L));
    assertThat(transactions.isAnythingKept()).isFalse();
  }

  @Test
  void anInvalidationFromAnotherNode_isNotAnsweredFromAnOlderLoad() {
    database.inTransaction(
        () -> {
          assertThat(load(1L)).isEqualTo(1);
          database.caches().receiveEviction("prices", 1L);
          assertThat(database.cache().get(1L)).isNull();
          assertThat(load(1L)).isEqualTo(2);
          assertThat(load(1L)).as("loaded after the invalidation").isEqualTo(2);
        });
    assertThat(database.cached(1L)).as("seen through a view that is older").isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"cache\":\"prices\",\"key\":1}",
        "{\"key\":\"prices:1\"}",
        "{\"cache\":\"prices\"}",
        "{\"cache\":\"*\"}"
      })
  void aMessageFromOutside_isNotAnsweredFromAnOlderLoad(String message) {
    database.inTransaction(
        () -> {
          load(1L);
          database.caches().receive(message);
          assertThat(load(1L)).isEqualTo(2);
        });
  }

  @Test
  void anInvalidationByAnotherThread_isNotAnsweredFromAnOlderLoad() {
    database.inTransaction(
        () -> {
          load(1L);
          onAnotherThread(
              () -> {
                database.cache().evict(1L);
                return 0;
              });
          assertThat(load(1L)).isEqualTo(2);
        });
  }

  @Test
  void aClearByAnotherThread_isNotAnsweredFromAnOlderLoad() {
    database.inTransaction(
        () -> {
          load(1L);
          onAnotherThread(() -> database.cache().invalidate());
          assertThat(load(1L)).isEqualTo(2);
        });
  }

  @Test
  void aLoadDuringWhichTheKeyWasInvalidated_isNotKept() {
    database.inTransaction(
        () -> {
          Object first =
              database
                  .cache()
                  .get(
                      1L,
                      () -> {
                        database.caches().receiveEviction("prices", 1L);
                        return loads.incrementAndGet();
                      });
          assertThat(first).isEqualTo(1);
          assertThat(load(1L)).isEqualTo(2);
        });
  }

  @Test
  void beyondTheStalenessBound_itIsLoadedAgain() {
    database.inTransaction(
        () -> {
          load(1L);
          database.caches().ticker().advance(Duration.ofSeconds(11));
          assertThat(load(1L)).isEqualTo(2);
          assertThat(load(1L)).isEqualTo(2);
        });
  }

  @Test
  void rollbackToASavepoint_forgetsIt() {
    database.inTransaction(
        outer -> {
          Object savepoint = outer.createSavepoint();
          load(1L);
          outer.rollbackToSavepoint(savepoint);
          assertThat(load(1L)).isEqualTo(2);
          assertThat(load(1L)).isEqualTo(2);
        });
  }

  @Test
  void nested_seesWhatTheOuterLoaded_andTheOuterWhatANestedLoadedThatCommits() {
    database.inTransaction(
        outer -> {
          load(1L);
          database.inTransaction(
              TransactionDefinition.PROPAGATION_NESTED,
              nested -> {
                assertThat(load(1L)).isEqualTo(1);
                assertThat(load(2L)).isEqualTo(2);
              });
          assertThat(load(2L)).isEqualTo(2);
        });
  }

  @Test
  void nestedThatRollsBack_leavesNothingOfWhatItLoaded() {
    database.inTransaction(
        outer -> {
          database.inTransaction(
              TransactionDefinition.PROPAGATION_NESTED,
              nested -> {
                load(1L);
                nested.setRollbackOnly();
              });
          assertThat(load(1L)).isEqualTo(2);
        });
  }

  @Test
  void requiresNew_keepsItsOwn_andTheSuspendedTransactionFindsItsOwnAgain() {
    database.inTransaction(
        outer -> {
          load(1L);
          database.inTransaction(
              TransactionDefinition.PROPAGATION_REQUIRES_NEW,
              inner -> {
                assertThat(load(1L)).isEqualTo(2);
                assertThat(load(1L)).isEqualTo(2);
                inner.setRollbackOnly();
              });
          assertThat(load(1L)).isEqualTo(1);
        });
  }

  @Test
  void notSupported_seesNothingOfTheSuspendedTransaction() {
    database.inTransaction(
        outer -> {
          load(1L);
          database.inTransaction(
              TransactionDefinition.PROPAGATION_NOT_SUPPORTED,
              status -> assertThat(database.cache().get(1L)).isNull());
          assertThat(load(1L)).isEqualTo(1);
        });
  }

  @Test
  void anotherManagersTransaction_keepsItsOwn() {
    TransactionTemplate second = new TransactionTemplate(database.secondManager());
    database.inTransaction(
        outer -> {
          load(1L);
          second.executeWithoutResult(
              inner -> {
                assertThat(load(1L)).isEqualTo(2);
                assertThat(load(1L)).isEqualTo(2);
              });
          assertThat(load(1L)).isEqualTo(1);
        });
  }

  @Test
  void readOnly_withAViewOlderThanAnInvalidation_loadsOnce() {
    database.inReadOnly(
        () -> {
          database.caches().receiveEviction("prices", 1L);
          assertThat(load(1L)).isEqualTo(1);
          assertThat(load(1L)).isEqualTo(1);
          assertThat(database.cached(1L)).isNull();
          database.caches().receiveEviction("prices", 1L);
          assertThat(load(1L)).isEqualTo(2);
        });
  }

  @Test
  void readOnly_whoseLoadIsStored_keepsNothingBesides() {
    SpringTransactions transactions = (SpringTransactions) database.caches().transactions();
    database.inReadOnly(
        () -> {
          load(1L);
          assertThat(load(1L)).isEqualTo(1);
          assertThat(transactions.isAnythingKept()).isFalse();
        });
  }

  @Test
  void readOnlyThatHasWritten_keepsWhatItLoads() {
    DefaultTransactionDefinition readOnly = new DefaultTransactionDefinition();
    readOnly.setReadOnly(true);
    database.inTransaction(
        readOnly,
        status -> {
          database.cache().evict(2L);
          load(1L);
          assertThat(load(1L)).isEqualTo(1);
        });
  }

  @Test
  void future_completedByAnotherThread_isKept() {
    CompletableFuture<Integer> source = new CompletableFuture<>();
    database.inTransaction(
        () -> {
          CompletableFuture<Integer> first = database.cache().retrieve(1L, () -> source);
          onAnotherThread(() -> source.complete(loads.incrementAndGet()));
          assertThat(first.join()).isEqualTo(1);
          assertThat(database.cache().retrieve(1L)).isNotNull();
          assertThat(
                  database.cache().retrieve(1L, () -> CompletableFuture.completedFuture(-1)).join())
              .isEqualTo(1);
          assertThat(load(1L)).isEqualTo(1);
        });
  }

  @Test
  void future_completedInAnotherThreadsTransaction_isNotKept() {
    CompletableFuture<Integer> source = new CompletableFuture<>();
    database.inTransaction(
        () -> {
          CompletableFuture<Integer> first = database.cache().retrieve(1L, () -> source);
          onAnotherThread(
              () -> {
                database.inTransaction(() -> source.complete(loads.incrementAndGet()));
                return 0;
              });
          assertThat(first.join()).isEqualTo(1);
          assertThat(load(1L)).as("it saw what the other changed, too").isEqualTo(2);
        });
  }

  @Test
  void future_begunSinceARolledBackSavepoint_isNotKept() {
    CompletableFuture<Integer> source = new CompletableFuture<>();
    database.inTransaction(
        outer -> {
          Object savepoint = outer.createSavepoint();
          CompletableFuture<Integer> first = database.cache().retrieve(1L, () -> source);
          outer.rollbackToSavepoint(savepoint);
          onAnotherThread(() -> source.complete(loads.incrementAndGet()));
          assertThat(first.join()).isEqualTo(1);
          assertThat(load(1L)).isEqualTo(2);
        });
  }

  @Test
  void future_completedAfterTheEnd_isKeptForNobody() {
    SpringTransactions transactions = (SpringTransactions) database.caches().transactions();
    CompletableFuture<Integer> source = new CompletableFuture<>();
    database.inTransaction(
        status -> {
          CompletableFuture<Integer> ignored = database.cache().retrieve(1L, () -> source);
          status.setRollbackOnly();
        });
    source.complete(1);
    assertThat(database.cached(1L)).isNull();
    assertThat(transactions.isAnythingKept()).isFalse();
  }

  @Test
  void loadInWhichATransactionWasRolledBack_isNotKept() {
    database.inTransaction(
        outer -> {
          Object first =
              database
                  .cache()
                  .get(
                      "sum",
                      () -> {
                        int[] sum = new int[1];
                        database.inTransaction(
                            TransactionDefinition.PROPAGATION_REQUIRES_NEW,
                            inner -> {
                              database.change(1, 99);
                              sum[0] = database.sum();
                              inner.setRollbackOnly();
                            });
                        return sum[0];
                      });
          assertThat(first).isEqualTo(119);
          assertThat(database.cache().get("sum", database::sum)).isEqualTo(30);
        });
  }

  @Test
  void moreThanTheBound_isLoadedAgain() {
    database.inTransaction(
        () -> {
          for (long key = 0; key < KeptLoads.MOST + 100; key++) {
            load(key);
          }
          loads.set(0);
          for (long key = 0; key < KeptLoads.MOST; key++) {
            load(key);
          }
          assertThat(loads).hasValue(0);
          load((long) KeptLoads.MOST);
          assertThat(load((long) KeptLoads.MOST)).isEqualTo(2);
        });
  }

  private static void atItsEnd(Runnable work) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCompletion(int status) {
            work.run();
          }
        });
  }

  private static <T> T onAnotherThread(java.util.concurrent.Callable<T> work) {
    try {
      return Threads.start(work).result();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }
}
