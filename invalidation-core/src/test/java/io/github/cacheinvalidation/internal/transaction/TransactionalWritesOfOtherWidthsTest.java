package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A write of a key is one of the same number as another type, when its transaction ends. */
@Tag("G2")
class TransactionalWritesOfOtherWidthsTest extends TransactionFixture {

  @Test
  void evictionOfAnotherWidth_isSeenByItsTransactionAtOnce_andAppliedAfterTheCommit() {
    database.cache().put(-1L, 10);
    database.inTransaction(
        () -> {
          database.caches().manager().invalidator().evict("prices", -1);
          assertThat(database.cache().get(-1L)).isNull();
          assertThat(cachedElsewhere(-1L)).isEqualTo(10);
        });
    assertThat(database.cached(-1L)).isNull();
  }

  @Test
  void evictionOfAnotherWidth_ofATypeThatIsFirstUsedBeforeTheCommit_isApplied() {
    database.inTransaction(
        () -> {
          database.cache().evict(-1);
          onAnotherThread(() -> database.cache().get(-1L, () -> "before the commit"));
        });
    assertThat(database.cached(-1L)).isNull();
  }

  @Test
  void putOfAnotherWidth_leavesNoOldValueAfterTheCommit() {
    database.cache().put(-1L, "old");
    database.inTransaction(
        () -> {
          database.cache().put(-1, "new");
          assertThat(database.cache().get(-1L)).isNull();
        });
    assertThat(database.cached(-1L)).isNull();
  }

  @Test
  void put_whereTwoWidthsAreUsed_isStoredAfterTheCommit_andPublishedOnce() {
    database.cache().get(-1, () -> "old");
    database.cache().get(-2L, () -> "of another width");
    database.inTransaction(() -> database.cache().put(-1L, "new"));
    assertThat(database.cached(-1L)).isEqualTo("new");
    assertThat(database.cached(-1)).isNull();
    assertThat(database.published()).containsExactly("{\"prices\":[-1]}");
  }

  @Test
  void putsOfTwoWidthsOfOneKey_storeTheLast() {
    database.inTransaction(
        () -> {
          database.cache().put(-1, "first");
          database.cache().put(-1L, "last");
        });
    assertThat(database.cached(-1L)).isEqualTo("last");
    assertThat(database.cached(-1)).isNull();
    assertThat(database.published()).containsExactly("{\"prices\":[-1]}");
  }

  @Test
  void put_whereTwoWidthsAreUsed_evictsBothAfterARollback() {
    List<Database.TransactionWork> rollbacks =
        List.of(
            status -> {
              database.cache().put(-1L, "not committed");
              status.setRollbackOnly();
            },
            status -> {
              Object savepoint = status.createSavepoint();
              database.cache().put(-1L, "not committed");
              status.rollbackToSavepoint(savepoint);
            });
    for (Database.TransactionWork rollback : rollbacks) {
      database.cache().get(-1L, () -> "old");
      database.cache().get(-1, () -> "old");
      database.inTransaction(rollback);
      assertThat(database.cached(-1)).isNull();
      assertThat(database.cached(-1L)).isNull();
      assertThat(database.published()).containsExactly("{\"prices\":[-1]}");
    }
  }

  @Test
  void evictionAhead_ofAKeyThatAPutOfAnotherWidthCovers_evictsBoth() {
    database.cache().get(-1, () -> "old");
    database.cache().get(-1L, () -> "old");
    database.inTransaction(
        () -> {
          database.cache().put(-1L, "new");
          database.cache().evictIfPresent(-1);
        });
    assertThat(database.cached(-1)).isNull();
    assertThat(database.cached(-1L)).isNull();
  }
}
