package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.Cache;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** A load of a transaction answers later lookups of that transaction only. */
@Tag("G2")
class TransactionLoadsTest extends TransactionLoadsFixture {

  @Tag("G2.9")
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
  void loadUnderAListThatIsChangedLater_isFoundUnderTheOriginalElements() {
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

  @Tag("G2.9")
  @Test
  void anotherThread_doesNotSeeTheLoad() {
    database.inTransaction(
        () -> {
          load(1L);
          assertThat(onAnotherThread(() -> load(1L))).isEqualTo(2);
          assertThat(load(1L)).as("what this transaction saw").isEqualTo(1);
        });
  }

  @Test
  void anotherTransaction_doesNotSeeTheLoad() {
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
  void afterTheRollback_theLoadIsDiscarded() {
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
  void afterTheEnd_noLoadIsKept() {
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

  @Tag("G2.10")
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

  @Tag("G4.11")
  @Test
  void loadBeyondTheStalenessBound_isRepeated() {
    database.inTransaction(
        () -> {
          load(1L);
          database.caches().ticker().advance(Duration.ofSeconds(11));
          assertThat(load(1L)).isEqualTo(2);
          assertThat(load(1L)).isEqualTo(2);
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
}
