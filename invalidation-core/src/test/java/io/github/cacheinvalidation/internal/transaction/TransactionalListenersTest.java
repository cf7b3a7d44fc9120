package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/** Writes to caches in listeners that run at some moment of a transaction. */
@Tag("G2")
class TransactionalListenersTest {

  private final Database database = Database.create();

  private final AnnotationConfigApplicationContext context =
      new AnnotationConfigApplicationContext();

  TransactionalListenersTest() {
    database.cache().put(1L, 10);
    database.published();
    context.registerBean(Database.class, () -> database);
    context.registerBean(PlatformTransactionManager.class, database::manager);
    context.register(Listeners.class);
    context.refresh();
  }

  @Test
  void evictionInAnAfterCommitListener_isAppliedAtOnce() {
    database.inTransaction(
        () -> context.publishEvent(new Changed(1, TransactionPhase.AFTER_COMMIT)));
    assertEvictedWithin("after commit");
  }

  @Test
  void evictionInANewTransactionOfAnAfterCommitListener_isAppliedAfterThatOne() {
    database.inTransaction(() -> context.publishEvent(new ChangedAgain(1)));
    assertEvictedWithin("new transaction after commit");
  }

  @Test
  void evictionInABeforeCommitListener_isAppliedAfterTheCommit() {
    database.inTransaction(
        () -> context.publishEvent(new Changed(1, TransactionPhase.BEFORE_COMMIT)));
    assertThat(database.cached(1L)).isNull();
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void evictionInAnAfterRollbackListener_isAppliedAtOnce() {
    database.inTransaction(
        status -> {
          context.publishEvent(new Changed(1, TransactionPhase.AFTER_ROLLBACK));
          status.setRollbackOnly();
        });
    assertEvictedWithin("after rollback");
  }

  @Test
  void eventWithoutATransaction_evictsNothing() {
    context.publishEvent(new Changed(1, TransactionPhase.AFTER_COMMIT));
    assertThat(database.cached(1L)).isEqualTo(10);
  }

  private void assertEvictedWithin(String listener) {
    assertThat(context.getBean(Listeners.class).left)
        .as("what the listener left behind")
        .isEqualTo(listener + ": null [{\"prices\":[1]}]");
    assertThat(database.published()).as("published later").isEmpty();
  }

  /** Something happened, and is to be heard in a phase. */
  record Changed(long id, TransactionPhase phase) {}

  record ChangedAgain(long id) {}

  @Configuration(proxyBeanMethods = false)
  @EnableTransactionManagement(proxyTargetClass = true)
  static class Listeners {

    private final Database database;

    private String left = "";

    Listeners(Database database) {
      this.database = database;
    }

    @TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
    public void before(Changed changed) {
      if (changed.phase() == TransactionPhase.BEFORE_COMMIT) {
        database.cache().evict(changed.id());
      }
    }

    @TransactionalEventListener
    public void after(Changed changed) {
      if (changed.phase() == TransactionPhase.AFTER_COMMIT) {
        database.cache().evict(changed.id());
        left = "after commit: " + database.cached(changed.id()) + " " + database.published();
      }
    }

    @TransactionalEventListener
    public void afterInNew(ChangedAgain changed) {
      database.inTransaction(
          TransactionDefinition.PROPAGATION_REQUIRES_NEW,
          status -> {
            database.cache().evict(changed.id());
            assertThat(database.published()).isEmpty();
          });
      left =
          "new transaction after commit: "
              + database.cached(changed.id())
              + " "
              + database.published();
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_ROLLBACK)
    public void afterRollback(Changed changed) {
      if (changed.phase() == TransactionPhase.AFTER_ROLLBACK) {
        database.cache().evict(changed.id());
        left = "after rollback: " + database.cached(changed.id()) + " " + database.published();
      }
    }
  }
}
