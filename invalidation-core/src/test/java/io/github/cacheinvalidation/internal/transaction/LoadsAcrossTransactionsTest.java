package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.cache.Threads;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A load that reads in more than one transaction. */
@Tag("G2")
class LoadsAcrossTransactionsTest {

  private final Database database = Database.create();

  private final TransactionTemplate second = new TransactionTemplate(database.secondManager());

  @Tag("G2.40")
  @Test
  void loadBegunInACommittedTransaction_thatEndsInAnother_waitsForBothTransactions() {
    CompletableFuture<Integer> source = new CompletableFuture<>();
    CompletableFuture<?>[] load = new CompletableFuture<?>[1];
    database.inTransaction(() -> load[0] = database.cache().retrieve("sum", () -> source));
    database.inTransaction(
        status -> {
          database.change(1, 99);
          source.complete(database.sum());
          assertThat(database.cached("sum")).isNull();
          status.setRollbackOnly();
        });
    assertThat(load[0].join()).isEqualTo(119);
    assertThat(database.cached("sum")).isNull();
  }

  @Test
  void loadBegunInAReadOnlyTransaction_thatEndsInAnother_waitsForBothTransactions() {
    CompletableFuture<Integer> source = new CompletableFuture<>();
    CompletableFuture<?>[] load = new CompletableFuture<?>[1];
    database.inReadOnly(() -> load[0] = database.cache().retrieve("sum", () -> source));
    database.inTransaction(
        status -> {
          database.change(1, 99);
          source.complete(database.sum());
          status.setRollbackOnly();
        });
    assertThat(load[0].join()).isEqualTo(119);
    assertThat(database.cached("sum")).isNull();
  }

  @Test
  void loadBegunInATransaction_thatEndsInAnotherThreadsTransaction_isStoredAfterBoth()
      throws Exception {
    CompletableFuture<Integer> source = new CompletableFuture<>();
    database.inTransaction(
        () -> {
          CompletableFuture<Integer> ignored = database.cache().retrieve("sum", () -> source);
          join(
              Threads.start(
                  () -> {
                    database.inTransaction(
                        () -> {
                          source.complete(30);
                          assertThat(database.cached("sum")).isNull();
                        });
                    return 0;
                  }));
          assertThat(database.cached("sum")).isNull();
        });
    assertThat(database.cached("sum")).isEqualTo(30);
  }

  @Tag("G2.32")
  @Test
  void load_insideAnotherManagersTransaction_waitsForTheOuterOneToo() {
    database.inTransaction(
        outer -> {
          database.change(1, 99);
          second.executeWithoutResult(
              inner -> assertThat(database.cache().get("sum", database::sum)).isEqualTo(119));
          assertThat(database.cached("sum")).isNull();
          outer.setRollbackOnly();
        });
    assertThat(database.cached("sum")).isNull();
  }

  @Test
  void load_insideAnotherManagersReadOnlyTransaction_waitsForTheOuterOneToo() {
    DefaultTransactionDefinition readOnly = new DefaultTransactionDefinition();
    readOnly.setReadOnly(true);
    database.inTransaction(
        outer -> {
          database.change(1, 99);
          new TransactionTemplate(database.secondManager(), readOnly)
              .executeWithoutResult(inner -> database.cache().get("sum", database::sum));
          outer.setRollbackOnly();
        });
    assertThat(database.cached("sum")).isNull();
  }

  @Test
  void load_insideAnotherManagersTransaction_isStoredAfterBothCommits() {
    database.inTransaction(
        outer -> {
          second.executeWithoutResult(inner -> database.cache().get("sum", database::sum));
          assertThat(database.cached("sum")).isNull();
        });
    assertThat(database.cached("sum")).isEqualTo(30);
  }

  @Test
  void load_insideAnotherManagersTransaction_countsFromTheOuterBeginning() {
    database.inTransaction(
        outer -> {
          database.caches().receiveEviction("prices", "sum");
          second.executeWithoutResult(
              inner -> database.cache().get("sum", () -> "as the outer transaction sees it"));
        });
    assertThat(database.cached("sum")).isNull();
  }

  @Test
  void load_insideAnotherManagersTransaction_undoneByTheOuterSavepoint_isNotStored() {
    database.inTransaction(
        outer -> {
          Object savepoint = outer.createSavepoint();
          database.change(1, 99);
          second.executeWithoutResult(inner -> database.cache().get("sum", database::sum));
          outer.rollbackToSavepoint(savepoint);
        });
    assertThat(database.cached("sum")).isNull();
  }

  @Test
  void load_insideAnotherManagersTransaction_begunAfterTheOuterOneHasEnded_isNotStored() {
    database.inTransaction(
        () ->
            TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                  @Override
                  public void afterCommit() {
                    second.executeWithoutResult(
                        inner -> database.cache().get("sum", database::sum));
                  }
                }));
    assertThat(database.cached("sum")).isNull();
  }

  @Test
  void put_insideAnotherManagersTransaction_onlyEvicts() {
    database.inTransaction(
        outer -> {
          database.change(1, 99);
          second.executeWithoutResult(inner -> database.cache().put("sum", database.sum()));
          assertThat(database.published()).containsExactly("{\"prices\":[\"sum\"]}");
          outer.setRollbackOnly();
        });
    assertThat(database.cached("sum")).isNull();
  }

  @Test
  void load_inRequiresNewInsideAnotherManagersTransaction_waitsForThatOneAlone() {
    second.executeWithoutResult(
        outer -> {
          database.inTransaction(
              middle ->
                  database.inTransaction(
                      TransactionDefinition.PROPAGATION_REQUIRES_NEW,
                      inner -> database.cache().get(2L, () -> database.price(2))));
          assertThat(database.cached(2L)).isNull();
        });
    assertThat(database.cached(2L)).isEqualTo(20);
  }

  @Test
  void load_inAReadOnlyTransactionThatHasWritten_isStoredAfterItsCommitOrNotAtAll() {
    DefaultTransactionDefinition readOnly = new DefaultTransactionDefinition();
    readOnly.setReadOnly(true);
    database.inTransaction(
        readOnly,
        status -> {
          database.change(1, 99);
          database.cache().evict(1L);
          assertThat(database.cache().get("sum", database::sum)).isEqualTo(119);
          assertThat(database.cached("sum")).isNull();
          status.setRollbackOnly();
        });
    assertThat(database.cached("sum")).isNull();
  }

  private static void join(Threads<?> thread) {
    try {
      Object ignored = thread.result();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }
}
