package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.cache.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.core.Ordered;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Between its end and the return of its connection a transaction still serves reads: a change made
 * then is never committed, and a view opened then can be old.
 */
@Tag("G2")
class EndedTransactionsTest {

  private final Database database = Database.create();

  private final List<String> called = new ArrayList<>();

  @Tag("G2.30")
  @Test
  void load_inAfterCommit_ofAViewOlderThanAnInvalidation_isNotStored() {
    database.inTransaction(
        snapshot(),
        status ->
            afterCommit(
                () -> {
                  assertThat(database.price(2)).as("opens a view").isEqualTo(20);
                  elsewhere(this::changeAndEvict);
                  assertThat(database.cache().get(1L, () -> database.price(1))).isEqualTo(10);
                }));
    assertThat(database.price(1)).isEqualTo(99);
    assertThat(database.cached(1L)).isNull();
    assertThat(database.observer().newCacheEvents()).contains("refused prices TRANSACTION");
  }

  @Test
  void load_inAfterCompletion_ofAViewOlderThanAnInvalidation_isNotStored() {
    database.inTransaction(
        snapshot(),
        status -> {
          afterCompletion(
              Ordered.LOWEST_PRECEDENCE,
              () -> {
                assertThat(database.price(2)).as("opens a view").isEqualTo(20);
                elsewhere(this::changeAndEvict);
                assertThat(database.cache().get(1L, () -> database.price(1))).isEqualTo(10);
              });
          status.setRollbackOnly();
        });
    assertThat(called).containsExactly("done");
    assertThat(database.cached(1L)).isNull();
  }

  @Test
  void load_inAfterCommit_isNotHandedToOthers() throws Exception {
    List<Threads<Object>> others = new ArrayList<>();
    database.inTransaction(
        snapshot(),
        status ->
            afterCommit(
                () ->
                    database
                        .cache()
                        .get(
                            1L,
                            () -> {
                              Threads<Object> other =
                                  Threads.start(() -> database.cache().get(1L, () -> "own"));
                              others.add(other);
                              assertThat(other.result()).isEqualTo("own");
                              return "as the ended transaction sees it";
                            })));
    assertThat(others.get(0).result()).isEqualTo("own");
  }

  @Tag("G2.30")
  @Test
  void load_inANewTransactionOfAfterCommit_isStored() {
    database.inTransaction(
        status ->
            afterCommit(
                () ->
                    database.inTransaction(
                        TransactionDefinition.PROPAGATION_REQUIRES_NEW,
                        inner -> database.cache().get(1L, () -> database.price(1)))));
    assertThat(database.cached(1L)).isEqualTo(10);
  }

  @Test
  void load_afterTheTransaction_isStored() {
    database.inTransaction(() -> database.cache().evict(1L));
    database.cache().get(1L, () -> database.price(1));
    assertThat(database.cached(1L)).isEqualTo(10);
  }

  /** Its end is told in the order of registration; this one comes before the one of the caches. */
  @Test
  void writes_inANewTransaction_begunBeforeTheOldOneHasHeardOfItsRollback_areItsOwn() {
    database.manager().setTransactionExecutionListeners(new ArrayList<>());
    database.manager().addListener(new RegistersFirst(this::evictInANewTransaction));
    database
        .manager()
        .addListener(
            (org.springframework.transaction.TransactionExecutionListener)
                database.caches().transactions());
    database.inTransaction(org.springframework.transaction.TransactionStatus::setRollbackOnly);
    assertThat(called).containsExactly("inside []", "after [{\"prices\":[1]}]");
  }

  private void evictInANewTransaction() {
    database.inTransaction(
        TransactionDefinition.PROPAGATION_REQUIRES_NEW,
        inner -> {
          database.cache().evict(1L);
          called.add("inside " + database.published());
        });
    called.add("after " + database.published());
  }

  private Object changeAndEvict() {
    database.inTransaction(() -> database.change(1, 99));
    database.caches().receiveEviction("prices", 1L);
    return "done";
  }

  private void afterCompletion(int order, Runnable work) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public int getOrder() {
            return order;
          }

          @Override
          public void afterCompletion(int status) {
            work.run();
            called.add("done");
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

  private static TransactionDefinition snapshot() {
    DefaultTransactionDefinition definition = new DefaultTransactionDefinition();
    definition.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    return definition;
  }

  private static void elsewhere(Callable<?> work) {
    try {
      Object ignored = Threads.start(work::call).result();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private static final class RegistersFirst
      implements org.springframework.transaction.TransactionExecutionListener {

    private final Runnable work;

    private boolean registered;

    RegistersFirst(Runnable work) {
      this.work = work;
    }

    @Override
    public void afterBegin(
        org.springframework.transaction.TransactionExecution transaction,
        @org.jspecify.annotations.Nullable Throwable failure) {
      if (registered) {
        return;
      }
      registered = true;
      TransactionSynchronizationManager.registerSynchronization(
          new TransactionSynchronization() {
            @Override
            public int getOrder() {
              return Ordered.HIGHEST_PRECEDENCE;
            }

            @Override
            public void afterCompletion(int status) {
              work.run();
            }
          });
    }
  }
}
