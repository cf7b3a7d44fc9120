package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.NotPublishedException;
import io.github.cacheinvalidation.internal.outbox.OutboxSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.core.Ordered;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

@Tag("G2")
class CommitOutcomesTest {

  private final Database database = Database.create();

  private final List<String> called = new ArrayList<>();

  @Tag("G2.18")
  @Test
  void commitThatFailsInTheTransactionSystem_countsForEvictionsAndNotForPuts() {
    database
        .manager()
        .failCommits(true, () -> new TransactionSystemException("the answer got lost"));
    assertEvictionsOnly(TransactionSystemException.class);
  }

  @Tag("G2.18")
  @Test
  void commitThatFailsInTheDatabase_countsForEvictionsAndNotForPuts() {
    database
        .manager()
        .failCommits(true, () -> new DataAccessResourceFailureException("the answer got lost"));
    assertEvictionsOnly(DataAccessResourceFailureException.class);
  }

  @Test
  void commitThatTurnsIntoARollback_countsForEvictionsAndNotForPuts() {
    database
        .manager()
        .failCommits(false, () -> new UnexpectedRollbackException("the server decided so"));
    assertEvictionsOnly(UnexpectedRollbackException.class);
  }

  private void assertEvictionsOnly(Class<? extends Throwable> failure) {
    database.cache().put(1L, 10);
    database.cache().put(2L, 20);
    database.published();
    assertThatThrownBy(
            () ->
                database.inTransaction(
                    () -> {
                      database.change(1, 11);
                      database.cache().put(1L, 11);
                      database.cache().evict(2L);
                      database.cache().get("sum", database::sum);
                    }))
        .isInstanceOf(failure);
    assertThat(database.cached(1L)).isNull();
    assertThat(database.cached(2L)).isNull();
    assertThat(database.cached("sum")).isNull();
    assertThat(database.published()).containsExactly("{\"prices\":[1,2]}");
  }

  @Test
  void afterCommitOfAnotherThatFailsLater_keepsNothingFromBeingDone() {
    assertThatThrownBy(
            () ->
                database.inTransaction(
                    () -> {
                      register(Ordered.HIGHEST_PRECEDENCE, true);
                      database.cache().put(1L, 11);
                    }))
        .hasMessage("injected");
    assertThat(database.cached(1L)).isEqualTo(11);
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Tag("G2.19")
  @Test
  void afterCommitOfAnotherThatFailsFirst_isMadeUpForInAfterCompletion() {
    Database unseen = Database.unseen();
    assertThatThrownBy(
            () ->
                unseen.inTransaction(
                    () -> {
                      register(Ordered.HIGHEST_PRECEDENCE, true);
                      unseen.cache().put(1L, 11);
                      unseen.cache().evict(2L);
                    }))
        .hasMessage("injected");
    assertThat(unseen.cached(1L)).isEqualTo(11);
    assertThat(unseen.published()).containsExactly("{\"prices\":[1,2]}");
  }

  @Test
  void failureToPublish_inAwaitMode_swallowsNoOtherCallback() {
    Database awaiting = Database.with(new OutboxSettings(true, Duration.ofMillis(1), 512, 100_000));
    assertThatThrownBy(
            () ->
                awaiting.inTransaction(
                    () -> {
                      register(Ordered.LOWEST_PRECEDENCE, false);
                      awaiting.cache().evict(1L);
                      register(Ordered.LOWEST_PRECEDENCE, false);
                      register(Ordered.HIGHEST_PRECEDENCE, false);
                    }))
        .isInstanceOf(NotPublishedException.class);
    assertThat(called).hasSize(3);
    assertThat(awaiting.published()).containsExactly("{\"prices\":[1]}");
  }

  @Tag("G5.7")
  @Test
  void failureToPublish_ofAnEvictionInsideTheCommit_reachesTheCaller() {
    Database awaiting = Database.with(new OutboxSettings(true, Duration.ofMillis(1), 512, 100_000));
    awaiting.manager().flushInCommits(() -> awaiting.cache().evict(1L));
    assertThatThrownBy(() -> awaiting.inTransaction(() -> awaiting.change(1, 11)))
        .isInstanceOf(NotPublishedException.class);
    assertThat(awaiting.price(1)).isEqualTo(11);
    assertThat(awaiting.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void putInsideTheCommit_thatCannotBeStored_isReportedToTheCaller() {
    Database picky = Database.picky();
    picky.manager().flushInCommits(() -> picky.cache().put(1L, "heavy"));
    assertThatThrownBy(() -> picky.inTransaction(() -> picky.change(1, 11)))
        .hasMessage("too heavy");
    assertThat(picky.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void evictionInsideACommitThatFails_isDone() {
    database.cache().put(1L, 10);
    database.published();
    database.manager().failCommits(true, () -> new TransactionSystemException("lost"));
    database.manager().flushInCommits(() -> database.cache().evict(1L));
    assertThatThrownBy(() -> database.inTransaction(() -> database.change(1, 11)))
        .hasMessage("lost");
    assertThat(database.cached(1L)).isNull();
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void transactionWithoutWrites_inAwaitMode_waitsForNothing() {
    Database awaiting = Database.with(new OutboxSettings(true, Duration.ofMillis(1), 512, 100_000));
    awaiting.inTransaction(() -> awaiting.cache().get(1L, () -> 10));
    awaiting.inTransaction(() -> awaiting.cache("local").put(1L, 10));
    awaiting.caches().manager().invalidator().evictAll("prices", List.of());
    assertThat(awaiting.published()).isEmpty();
  }

  @Tag("G2.23")
  @Test
  void writeInAfterCommit_isAppliedAtOnce() {
    database.inTransaction(
        () -> {
          database.cache().evict(1L);
          afterCommit(
              () -> {
                database.published();
                database.cache().put(2L, 22);
                assertThat(database.cached(2L)).isEqualTo(22);
                assertThat(database.published()).containsExactly("{\"prices\":[2]}");
                called.add("checked");
              });
        });
    assertThat(called).containsExactly("checked");
  }

  @Test
  void writeInAfterCompletion_isAppliedAtOnce() {
    database.inTransaction(
        () -> {
          database.cache().evict(1L);
          TransactionSynchronizationManager.registerSynchronization(
              new TransactionSynchronization() {
                @Override
                public void afterCompletion(int status) {
                  database.published();
                  database.cache().put(2L, 22);
                  called.add("cached " + database.cached(2L) + database.published());
                }
              });
        });
    assertThat(called).containsExactly("cached 22[{\"prices\":[2]}]");
  }

  @Test
  void writeInANewTransactionOfAfterCommit_waitsForThatOne() {
    database.inTransaction(
        () -> {
          database.cache().evict(1L);
          afterCommit(
              () -> {
                database.published();
                database.inTransaction(
                    TransactionDefinition.PROPAGATION_REQUIRES_NEW,
                    inner -> {
                      database.cache().evict(2L);
                      assertThat(database.published()).isEmpty();
                    });
                called.add("published " + database.published());
              });
        });
    assertThat(called).containsExactly("published [{\"prices\":[2]}]");
  }

  @Test
  void keyWrittenByAnEndedTransaction_isServedAndStoredAgain() {
    database.inTransaction(() -> database.cache().evict(1L));
    database.inTransaction(() -> database.cache().get(1L, () -> database.price(1)));
    database.inTransaction(() -> assertThat(database.cache().get(1L)).isNotNull());
  }

  @Test
  void beforeCommitThatFails_keepsThePutsOut() {
    assertThatThrownBy(
            () ->
                database.inTransaction(
                    () -> {
                      database.cache().put(1L, 11);
                      TransactionSynchronizationManager.registerSynchronization(
                          new TransactionSynchronization() {
                            @Override
                            public void beforeCommit(boolean readOnly) {
                              throw new IllegalStateException("injected");
                            }
                          });
                    }))
        .hasMessage("injected");
    assertThat(database.cached(1L)).isNull();
  }

  @Test
  void writeInBeforeCommit_isGathered() {
    database.inTransaction(
        () -> {
          database.cache().evict(1L);
          TransactionSynchronizationManager.registerSynchronization(
              new TransactionSynchronization() {
                @Override
                public void beforeCommit(boolean readOnly) {
                  database.cache().evict(2L);
                }
              });
        });
    assertThat(database.published()).containsExactly("{\"prices\":[1,2]}");
  }

  private void register(int order, boolean failing) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public int getOrder() {
            return order;
          }

          @Override
          public void afterCommit() {
            called.add("afterCommit");
            if (failing) {
              throw new IllegalStateException("injected");
            }
          }
        });
  }

  private static void afterCommit(Runnable work) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            work.run();
          }
        });
  }
}
