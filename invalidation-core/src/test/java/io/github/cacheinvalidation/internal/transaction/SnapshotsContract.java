package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_NESTED;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_REQUIRES_NEW;

import io.github.cacheinvalidation.internal.cache.Threads;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionDefinition;

/**
 * Two nodes on one table of a database: their cached values when transactions see different moments
 * of it. Row 1 costs 10 and is changed to 11 on the other node; row 2 costs 20.
 */
@Tag("G2")
abstract class SnapshotsContract {

  /** Which commits a running transaction sees. */
  enum Isolation {
    READ_COMMITTED(TransactionDefinition.ISOLATION_READ_COMMITTED, 11),
    REPEATABLE_READ(TransactionDefinition.ISOLATION_REPEATABLE_READ, 10);

    private final int level;

    private final int seenInAnOldTransaction;

    Isolation(int level, int seenInAnOldTransaction) {
      this.level = level;
      this.seenInAnOldTransaction = seenInAnOldTransaction;
    }
  }

  private final int seenInAnOldTransaction;

  private final Database here;

  private final Database there;

  SnapshotsContract(DatabaseServer server, Isolation isolation) {
    seenInAnOldTransaction = isolation.seenInAnOldTransaction;
    here = Database.in(server.dataSource(), isolation.level);
    there = here.secondNode();
  }

  /** An invalidation of a key of a type that is not in use could not be told from others. */
  @BeforeEach
  void useKeysOfThatType() {
    here.cache().get(2L, () -> here.price(2));
    there.cache().get(2L, () -> there.price(2));
  }

  @AfterEach
  void dropTable() {
    here.close();
  }

  @Tag("G2.25")
  @Test
  void load_inATransactionOlderThanAnInvalidation_isNotCached() {
    here.inTransaction(
        () -> {
          here.price(2);
          changedThere();
          assertThat(loadHere()).isEqualTo(seenInAnOldTransaction);
        });
    assertThat(here.cached(1L)).isNull();
    assertThat(loadHere()).isEqualTo(11);
  }

  @Test
  void load_inAReadOnlyTransactionOlderThanAnInvalidation_isNotCached() {
    here.inReadOnly(
        () -> {
          here.price(2);
          changedThere();
          assertThat(loadHere()).isEqualTo(seenInAnOldTransaction);
        });
    assertThat(here.cached(1L)).isNull();
  }

  @Test
  void load_duringWhichAnInvalidationArrives_isNotCached() {
    here.inReadOnly(
        () ->
            here.cache()
                .get(
                    1L,
                    () -> {
                      int seen = here.price(1);
                      changedThere();
                      return seen;
                    }));
    assertThat(here.cached(1L)).isNull();
  }

  @Test
  void invalidation_afterALoadInATransaction_evictsTheLoadedEntry() {
    here.inReadOnly(
        () -> {
          assertThat(loadHere()).isEqualTo(10);
          changedThere();
        });
    assertThat(here.cached(1L)).isNull();
  }

  @Test
  void invalidation_afterALoadInAReadWriteTransaction_keepsItFromBeingStored() {
    here.inTransaction(
        () -> {
          assertThat(loadHere()).isEqualTo(10);
          changedThere();
        });
    assertThat(here.cached(1L)).isNull();
  }

  @Test
  void load_inAReadOnlyTransaction_isStoredAtOnce() {
    here.inReadOnly(
        () -> {
          loadHere();
          assertThat(elsewhere(() -> here.cached(1L))).isEqualTo(10);
        });
  }

  @Test
  void load_inANestedTransactionOfAnOldOne_isNotCached() {
    here.inTransaction(
        outer -> {
          here.price(2);
          changedThere();
          here.inTransaction(
              PROPAGATION_NESTED,
              nested -> assertThat(loadHere()).isEqualTo(seenInAnOldTransaction));
        });
    assertThat(here.cached(1L)).isNull();
  }

  @Test
  void load_inANewTransactionOfAnOldOne_isCached() {
    here.inTransaction(
        outer -> {
          here.price(2);
          changedThere();
          here.inTransaction(
              PROPAGATION_REQUIRES_NEW, inner -> assertThat(loadHere()).isEqualTo(11));
          assertThat(here.cached(1L)).isEqualTo(11);
        });
    assertThat(here.cached(1L)).isEqualTo(11);
  }

  @Test
  void loadInTheOuter_afterANewTransaction_isStillOld() {
    here.inTransaction(
        outer -> {
          here.price(2);
          changedThere();
          here.inTransaction(PROPAGATION_REQUIRES_NEW, inner -> here.price(1));
          assertThat(loadHere()).isEqualTo(seenInAnOldTransaction);
        });
    assertThat(here.cached(1L)).isNull();
  }

  @Tag("G2.26")
  @Test
  void listOfAChangedMember_loadedInATransactionThatRollsBack_leavesNothing() {
    here.inTransaction(
        status -> {
          here.change(1, 99);
          assertThat(here.cache().get("sum", here::sum)).isEqualTo(119);
          status.setRollbackOnly();
        });
    assertThat(here.cached("sum")).isNull();
    assertThat(here.cache().get("sum", here::sum)).isEqualTo(30);
  }

  @Test
  void listOfAChangedMember_loadedInATransactionThatCommits_isStoredByTheCommit() {
    here.inTransaction(
        () -> {
          here.change(1, 99);
          here.cache().get("sum", here::sum);
          assertThat(elsewhere(() -> here.cached("sum"))).isNull();
        });
    assertThat(here.cached("sum")).isEqualTo(119);
  }

  @Test
  void eviction_reachesTheOtherNodeAfterTheCommit_andFindsTheNewValueThere() {
    there.cache().get(1L, () -> there.price(1));
    here.inTransaction(
        () -> {
          here.change(1, 11);
          here.cache().evict(1L);
          here.caches().deliverTo(there.caches());
          assertThat(elsewhere(() -> there.cached(1L))).isEqualTo(10);
        });
    here.caches().deliverTo(there.caches());
    assertThat(there.cached(1L)).isNull();
    assertThat(there.cache().get(1L, () -> there.price(1))).isEqualTo(11);
  }

  @Tag("G2.2")
  @Test
  void eviction_ofARollback_isDoneEverywhereAfterIt() {
    there.cache().get(1L, () -> there.price(1));
    loadHere();
    here.inTransaction(
        status -> {
          here.change(1, 11);
          here.cache().evict(1L);
          here.caches().deliverTo(there.caches());
          assertThat(elsewhere(() -> there.cached(1L))).isEqualTo(10);
          status.setRollbackOnly();
        });
    here.caches().deliverTo(there.caches());
    assertThat(here.cached(1L)).isNull();
    assertThat(there.cached(1L)).isNull();
    assertThat(loadHere()).isEqualTo(10);
  }

  @Test
  void readersBetweenUpdateAndCommit_cacheTheOldValue_andAreEvictedByTheCommit() {
    here.inTransaction(
        () -> {
          here.change(1, 11);
          here.cache().evict(1L);
          assertThat(elsewhere(this::loadHere)).isEqualTo(10);
          assertThat(elsewhere(() -> there.cache().get(1L, () -> there.price(1)))).isEqualTo(10);
          assertThat(elsewhere(() -> here.cached(1L))).isEqualTo(10);
        });
    assertThat(here.cached(1L)).isNull();
    here.caches().deliverTo(there.caches());
    assertThat(there.cached(1L)).isNull();
  }

  @Test
  void put_isStoredHereByTheCommit_andLoadedThere() {
    there.cache().get(1L, () -> there.price(1));
    here.inTransaction(
        () -> {
          here.change(1, 11);
          here.cache().put(1L, 11);
          assertThat(elsewhere(() -> here.cached(1L))).isNull();
        });
    here.caches().deliverTo(there.caches());
    assertThat(here.cached(1L)).isEqualTo(11);
    assertThat(there.cache().get(1L, () -> there.price(1))).isEqualTo(11);
  }

  private @Nullable Object loadHere() {
    return here.cache().get(1L, () -> here.price(1));
  }

  /** The other node changes row 1 in a transaction, and its message arrives here. */
  private void changedThere() {
    elsewhere(
        () -> {
          there.inTransaction(
              () -> {
                there.change(1, 11);
                there.cache().evict(1L);
              });
          there.caches().deliverTo(here.caches());
          return null;
        });
  }

  /** On another thread, which is in no transaction. */
  private static @Nullable Object elsewhere(Callable<? extends @Nullable Object> work) {
    try {
      return Threads.<@Nullable Object>start(work::call).result();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }
}
