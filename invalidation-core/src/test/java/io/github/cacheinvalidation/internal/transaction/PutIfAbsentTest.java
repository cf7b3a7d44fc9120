package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.cache.Threads;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Of several callers that put a value if there is none, inside transactions or not, one stores. */
@Tag("G2")
class PutIfAbsentTest {

  private final Database database = Database.create();

  /** Returns the caller's result: "stored", or the present value. */
  private Object put(Object key, @Nullable Object value) {
    Cache.ValueWrapper present = database.cache().putIfAbsent(key, value);
    if (present == null) {
      return "stored";
    }
    Object there = present.get();
    return there == null ? "null is there" : there;
  }

  @Test
  void twiceInOneTransaction_theSecondCallReturnsTheFirstValue() {
    database.inTransaction(
        () -> {
          assertThat(put(1L, 10)).isEqualTo("stored");
          assertThat(put(1L, 11)).isEqualTo(10);
          assertThat(put(2L, null)).isEqualTo("stored");
          assertThat(put(2L, 22)).isEqualTo("null is there");
        });
    assertThat(database.cached(1L)).isEqualTo(10);
    assertThat(database.published()).containsExactly("{\"prices\":[1,2]}");
  }

  @Tag("G2.12")
  @Test
  void ofTwoTransactions_theFirstStores_andTheOtherIsToldItsValue() {
    database.inTransaction(
        () -> {
          assertThat(put(1L, 10)).isEqualTo("stored");
          elsewhereInTransaction(
              () -> {
                assertThat(put(1L, 11)).isEqualTo(10);
                assertThat(put(1L, 12)).isEqualTo(10);
              });
          assertThat(database.cached(1L)).as("nothing is committed").isNull();
        });
    assertThat(database.cached(1L)).isEqualTo(10);
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void outsideOfTransactions_aReservedKeyIsNotStored() {
    database.inTransaction(
        () -> {
          assertThat(put(1L, 10)).isEqualTo("stored");
          assertThat(elsewhere(() -> put(1L, 11))).isEqualTo(10);
          assertThat(database.cached(1L)).isNull();
        });
    assertThat(database.cached(1L)).isEqualTo(10);
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void storedOutsideOfTransactions_isReturnedInside() {
    database.inTransaction(
        () -> {
          assertThat(elsewhere(() -> put(1L, 10))).isEqualTo("stored");
          assertThat(put(1L, 11)).isEqualTo(10);
        });
    assertThat(database.cached(1L)).isEqualTo(10);
  }

  @Test
  void requiresNew_isToldTheValueOfTheSuspendedTransaction() {
    database.inTransaction(
        outer -> {
          put(1L, 10);
          database.inTransaction(
              TransactionDefinition.PROPAGATION_REQUIRES_NEW,
              inner -> assertThat(put(1L, 11)).isEqualTo(10));
        });
    assertThat(database.cached(1L)).isEqualTo(10);
  }

  @Test
  void rollback_onlyEvicts_andFreesTheKey() {
    database.inTransaction(
        status -> {
          put(1L, 10);
          status.setRollbackOnly();
        });
    assertThat(database.cached(1L)).isNull();
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
    assertThat(put(1L, 11)).isEqualTo("stored");
    assertThat(database.cached(1L)).isEqualTo(11);
  }

  @Test
  void commitThatFails_storesNothing_andFreesTheKey() {
    database.manager().failCommits(false, () -> new DataAccessResourceFailureException("planted"));
    try {
      database.inTransaction(() -> put(1L, 10));
    } catch (DataAccessResourceFailureException planted) {
      assertThat(planted).hasMessage("planted");
    }
    assertThat(database.cached(1L)).isNull();
    assertThat(put(1L, 11)).isEqualTo("stored");
  }

  @Test
  void rollbackToASavepoint_freesTheKey_forOthersAndForTheSameTransaction() {
    database.inTransaction(
        outer -> {
          Object savepoint = outer.createSavepoint();
          put(1L, 10);
          put(2L, 20);
          outer.rollbackToSavepoint(savepoint);
          assertThat(elsewhere(() -> put(1L, 11))).isEqualTo("stored");
          assertThat(put(2L, 21)).isEqualTo("stored");
          assertThat(elsewhere(() -> put(2L, 22))).isEqualTo(21);
        });
    assertThat(database.cached(2L)).isEqualTo(21);
  }

  @Test
  void putBeforeASavepointThatIsRolledBack_staysReserved() {
    database.inTransaction(
        outer -> {
          put(1L, 10);
          Object savepoint = outer.createSavepoint();
          put(2L, 20);
          outer.rollbackToSavepoint(savepoint);
          assertThat(elsewhere(() -> put(1L, 11))).isEqualTo(10);
        });
    assertThat(database.cached(1L)).isEqualTo(10);
  }

  @Test
  void ownWrites_decideWhetherAKeyIsPresent() {
    database.cache().put(1L, "before");
    database.inTransaction(
        () -> {
          assertThat(put(1L, "not needed")).isEqualTo("before");
          database.cache().evict(1L);
          assertThat(put(1L, "after the eviction")).isEqualTo("stored");
          database.cache().put(2L, "put");
          assertThat(put(2L, "not needed")).isEqualTo("put");
          assertThat(put(3L, 30)).isEqualTo("stored");
          database.cache().evict(3L);
          assertThat(put(3L, 31)).isEqualTo("stored");
          assertThat(elsewhere(() -> put(3L, 32))).isEqualTo(31);
        });
    assertThat(database.cached(1L)).isEqualTo("after the eviction");
    assertThat(database.cached(2L)).isEqualTo("put");
    assertThat(database.cached(3L)).isEqualTo(31);
  }

  @Test
  void keyThatTheTransactionHasLoaded_isPresent() {
    database.inTransaction(
        () -> {
          database.cache().get(1L, () -> "loaded");
          assertThat(put(1L, 11)).isEqualTo("loaded");
        });
    assertThat(database.cached(1L)).isEqualTo("loaded");
  }

  @Test
  void whereTwoWidthsAreUsed_oneTransactionStores_andTheNextIsToldItsValue() {
    database.cache().get(-1, () -> "old");
    database.cache().get(-2L, () -> "of another width");
    database.inTransaction(() -> assertThat(put(-1L, "first")).isEqualTo("stored"));
    assertThat(database.published()).containsExactly("{\"prices\":[-1]}");
    assertThat(database.cached(-1)).isNull();
    database.inTransaction(() -> assertThat(put(-1L, "second")).isEqualTo("first"));
    assertThat(database.published()).as("nothing was put").isEmpty();
  }

  @Test
  void whereTwoWidthsAreUsed_aCallThatStoresNothing_evictsNothing() {
    database.cache().get(-1L, () -> "there");
    database.cache().get(-1, () -> "there under another width");
    database.inTransaction(() -> assertThat(put(-1L, "mine")).isEqualTo("there"));
    assertThat(database.cached(-1)).isEqualTo("there under another width");
    assertThat(database.published()).isEmpty();
  }

  @Test
  void keysAndCaches_areReservedApart() {
    database.inTransaction(
        () -> {
          put(1L, 10);
          assertThat(elsewhere(() -> put(2L, 20))).isEqualTo("stored");
          assertThat(elsewhere(() -> database.cache("names").putIfAbsent(1L, 11))).isNull();
        });
  }

  @Tag("G2.13")
  @Test
  void loadThatWasGivenAReservedValue_isNotStored() {
    database.inTransaction(
        status -> {
          put(1L, "not committed");
          Object copy =
              elsewhere(() -> database.cache().get("copy", () -> put(1L, "the loader's own")));
          assertThat(copy).isEqualTo("not committed");
          elsewhereInTransaction(
              () -> database.cache().get("another", () -> put(1L, "the loader's own")));
          status.setRollbackOnly();
        });
    assertThat(database.cached("copy")).isNull();
    assertThat(database.cached("another")).isNull();
  }

  @Tag("G2.14")
  @Test
  void joinerOfALoadThatWasGivenAReservedValue_loadsOnItsOwn() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    database.inTransaction(
        status -> {
          put(1L, "not committed");
          Threads<Object> leader =
              Threads.start(
                  () ->
                      database
                          .cache()
                          .get(
                              "copy",
                              () -> {
                                begun.countDown();
                                Threads.reach(release);
                                return put(1L, "the loader's own");
                              }));
          Threads.reach(begun);
          Threads<Object> joiner =
              Threads.start(
                  () ->
                      database
                          .cache("names")
                          .get("outer", () -> database.cache().get("copy", () -> "fresh")));
          Object ignored = joiner.untilWaiting();
          release.countDown();
          assertThat(result(leader)).isEqualTo("not committed");
          assertThat(result(joiner)).isEqualTo("fresh");
          status.setRollbackOnly();
        });
    assertThat(database.cached("copy")).isEqualTo("fresh");
    assertThat(database.cached("names", "outer")).isEqualTo("fresh");
  }

  @Test
  void anotherManagersTransactionInside_keepsTheKeyUntilBothHaveEnded() {
    TransactionTemplate second = new TransactionTemplate(database.secondManager());
    database.inTransaction(
        outer -> {
          second.executeWithoutResult(inner -> assertThat(put(1L, 10)).isEqualTo("stored"));
          assertThat(elsewhere(() -> put(1L, 11))).isEqualTo(10);
        });
    assertThat(put(1L, 12))
        .as("inside of another transaction a put only evicts")
        .isEqualTo("stored");
  }

  private void elsewhereInTransaction(Runnable work) {
    Object ignored =
        elsewhere(
            () -> {
              database.inTransaction(work);
              return "done";
            });
  }

  private static <T extends @Nullable Object> T elsewhere(Callable<T> work) {
    return result(Threads.start(work));
  }

  private static <T extends @Nullable Object> T result(Threads<T> thread) {
    try {
      return thread.result();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }
}
