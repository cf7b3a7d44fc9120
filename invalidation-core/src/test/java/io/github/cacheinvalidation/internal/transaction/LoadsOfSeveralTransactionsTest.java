package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** A load belongs to the transaction that began it: nested, inner, suspended or read-only. */
@Tag("G2")
class LoadsOfSeveralTransactionsTest extends TransactionLoadsFixture {

  @Test
  void rollbackToASavepoint_discardsTheLoad() {
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
  void nestedTransaction_seesOuterLoads_andTheOuterSeesTheLoadsOfACommittedNestedTransaction() {
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
  void nestedTransactionThatRollsBack_leavesNoneOfItsLoads() {
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
  void readOnlyTransactionThatHasWritten_keepsItsLoads() {
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
}
