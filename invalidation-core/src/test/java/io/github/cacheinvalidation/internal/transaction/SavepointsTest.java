package io.github.cacheinvalidation.internal.transaction;

import static io.github.cacheinvalidation.testing.ThreadPerTask.THREAD_PER_TASK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_NESTED;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G2")
class SavepointsTest {

  private final Database database = Database.create();

  @Tag("G2.20")
  @Test
  void put_sinceARolledBackSavepoint_isAnEviction() {
    database.cache().put(1L, 10);
    database.published();
    database.inTransaction(
        outer -> {
          database.cache().put(2L, 21);
          database.inTransaction(
              PROPAGATION_NESTED,
              nested -> {
                database.cache().put(1L, 11);
                nested.setRollbackOnly();
              });
        });
    assertThat(database.cached(1L)).isNull();
    assertThat(database.cached(2L)).isEqualTo(21);
    assertThat(database.published()).containsExactly("{\"prices\":[2,1]}");
  }

  @Test
  void put_inANestedThatCommits_isStored() {
    database.inTransaction(
        outer ->
            database.inTransaction(PROPAGATION_NESTED, nested -> database.cache().put(1L, 11)));
    assertThat(database.cached(1L)).isEqualTo(11);
  }

  @Test
  void putBeforeAndSinceARolledBackSavepoint_isAnEviction() {
    database.inTransaction(
        outer -> {
          database.cache().put(1L, "before");
          Object savepoint = outer.createSavepoint();
          database.cache().put(1L, "since");
          outer.rollbackToSavepoint(savepoint);
        });
    assertThat(database.cached(1L)).isNull();
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void evictionsAndClears_sinceARolledBackSavepoint_stay() {
    database.inTransaction(
        outer -> {
          Object savepoint = outer.createSavepoint();
          database.cache().evict(1L);
          database.cache("names").clear();
          outer.rollbackToSavepoint(savepoint);
        });
    assertThat(database.published()).containsExactly("{\"prices\":[1],\"names\":\"*\"}");
  }

  @Test
  void load_sinceARolledBackSavepoint_isNotStored() {
    database.inTransaction(
        outer -> {
          Object savepoint = outer.createSavepoint();
          database.change(1, 99);
          assertThat(database.cache().get("sum", database::sum)).isEqualTo(119);
          outer.rollbackToSavepoint(savepoint);
        });
    assertThat(database.sum()).isEqualTo(30);
    assertThat(database.cached("sum")).isNull();
  }

  @Test
  void load_inANestedThatRollsBack_isNotStored() {
    database.inTransaction(
        outer ->
            database.inTransaction(
                PROPAGATION_NESTED,
                nested -> {
                  database.change(1, 99);
                  assertThat(database.cache().get("sum", database::sum)).isEqualTo(119);
                  nested.setRollbackOnly();
                }));
    assertThat(database.cached("sum")).isNull();
  }

  @Test
  void load_begunSinceARolledBackSavepoint_completedLater_isNotStored() {
    CompletableFuture<Integer> source = new CompletableFuture<>();
    CompletableFuture<?>[] retrieved = new CompletableFuture<?>[1];
    database.inTransaction(
        outer -> {
          Object savepoint = outer.createSavepoint();
          database.change(1, 99);
          int sum = database.sum();
          retrieved[0] = database.cache().retrieve("sum", () -> source);
          outer.rollbackToSavepoint(savepoint);
          source.complete(sum);
        });
    assertThat(retrieved[0].join()).isEqualTo(119);
    assertThat(database.cached("sum")).isNull();
  }

  @Test
  void load_begunSinceARolledBackSavepoint_completedByAnotherThread_isNotStored() {
    CompletableFuture<Integer> source = new CompletableFuture<>();
    CompletableFuture<?>[] retrieved = new CompletableFuture<?>[1];
    database.inTransaction(
        outer -> {
          Object savepoint = outer.createSavepoint();
          database.change(1, 99);
          int sum = database.sum();
          retrieved[0] = database.cache().retrieve("sum", () -> source);
          outer.rollbackToSavepoint(savepoint);
          assertThat(
                  CompletableFuture.supplyAsync(() -> source.complete(sum), THREAD_PER_TASK).join())
              .isTrue();
        });
    assertThat(retrieved[0].join()).isEqualTo(119);
    assertThat(database.cached("sum")).isNull();
  }

  @Test
  void load_beforeARolledBackSavepoint_isStored() {
    database.inTransaction(
        outer -> {
          database.cache().get("sum", database::sum);
          Object savepoint = outer.createSavepoint();
          database.change(1, 99);
          outer.rollbackToSavepoint(savepoint);
        });
    assertThat(database.cached("sum")).isEqualTo(30);
  }

  @Test
  void load_afterARolledBackSavepoint_isStored() {
    database.inTransaction(
        outer -> {
          Object savepoint = outer.createSavepoint();
          database.change(1, 99);
          outer.rollbackToSavepoint(savepoint);
          database.cache().get("sum", database::sum);
        });
    assertThat(database.cached("sum")).isEqualTo(30);
  }

  @Test
  void load_inANestedThatCommits_isStoredAfterTheOuterCommit() {
    database.inTransaction(
        outer -> {
          database.inTransaction(
              PROPAGATION_NESTED, nested -> database.cache().get("sum", database::sum));
          assertThat(database.cached("sum")).isNull();
        });
    assertThat(database.cached("sum")).isEqualTo(30);
  }

  @Test
  void savepointInASavepoint_isRolledBackWithTheOuterOne_thoughItWasReleased() {
    database.inTransaction(
        transaction -> {
          database.inTransaction(
              PROPAGATION_NESTED,
              outer -> {
                database.cache().put(1L, 11);
                database.inTransaction(
                    PROPAGATION_NESTED,
                    inner -> {
                      database.change(1, 99);
                      database.cache().put(2L, 22);
                      assertThat(database.cache().get("sum", database::sum)).isEqualTo(119);
                    });
                outer.setRollbackOnly();
              });
          database.cache().put(3L, 33);
        });
    assertThat(database.cached(1L)).isNull();
    assertThat(database.cached(2L)).isNull();
    assertThat(database.cached("sum")).isNull();
    assertThat(database.cached(3L)).isEqualTo(33);
  }

  @Test
  void savepointInASavepoint_thatRollsBack_leavesTheOuterOne() {
    database.inTransaction(
        transaction ->
            database.inTransaction(
                PROPAGATION_NESTED,
                outer -> {
                  database.cache().get("sum", database::sum);
                  database.cache().put(1L, 11);
                  database.inTransaction(
                      PROPAGATION_NESTED,
                      inner -> {
                        database.cache().put(2L, 22);
                        inner.setRollbackOnly();
                      });
                }));
    assertThat(database.cached(1L)).isEqualTo(11);
    assertThat(database.cached(2L)).isNull();
    assertThat(database.cached("sum")).isEqualTo(30);
  }
}
