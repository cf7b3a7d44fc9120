package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;

/**
 * A transaction that is not notified of its end and is still bound, and the cost of the detection.
 */
@Tag("G2")
class LostTransactionsTest {

  private static final int SYNCHRONIZATIONS = 2_000;

  private final Database database = Database.create();

  private final AtomicInteger loads = new AtomicInteger();

  private final AtomicInteger orders = new AtomicInteger();

  private Object load() {
    return Objects.requireNonNull(database.cache().get(1L, loads::incrementAndGet));
  }

  @BeforeEach
  void begin() {
    TransactionSynchronizationManager.initSynchronization();
    TransactionSynchronizationManager.setActualTransactionActive(true);
  }

  /** As a manager would that drops its synchronizations and begins again. */
  private static void loseTheTransaction() {
    TransactionSynchronizationManager.clearSynchronization();
    TransactionSynchronizationManager.initSynchronization();
  }

  private static void commit() {
    TransactionSynchronizationUtils.triggerAfterCommit();
    var told = TransactionSynchronizationManager.getSynchronizations();
    TransactionSynchronizationManager.clearSynchronization();
    TransactionSynchronizationUtils.invokeAfterCompletion(
        told, TransactionSynchronization.STATUS_COMMITTED);
  }

  @AfterEach
  void end() {
    if (TransactionSynchronizationManager.isSynchronizationActive()) {
      commit();
    }
    TransactionSynchronizationManager.setActualTransactionActive(false);
    assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
  }

  @Tag("G2.39")
  @Test
  void nextTransaction_isNotAnsweredFromTheLoadsOfTheLostTransaction() {
    assertThat(load()).isEqualTo(1);
    assertThat(load()).isEqualTo(1);
    loseTheTransaction();
    assertThat(database.cache().get(1L)).isNull();
    assertThat(load()).isEqualTo(2);
    assertThat(load()).isEqualTo(2);
  }

  @Tag("G2.39")
  @Test
  void writesOfTheNextTransaction_areDoneAfterItsCommit() {
    database.cache().evict(1L);
    loseTheTransaction();
    database.cache().evict(2L);
    assertThat(database.published()).isEmpty();
    commit();
    assertThat(database.published()).containsExactly("{\"prices\":[2]}");
  }

  /** Spring sorts the synchronizations for each caller. */
  @Test
  void answersAndWrites_takeAsLongHoweverManySynchronizationsThereAre() {
    assertThat(load()).isEqualTo(1);
    for (int each = 0; each < SYNCHRONIZATIONS; each++) {
      TransactionSynchronizationManager.registerSynchronization(new Counting());
    }
    for (int call = 0; call < 100; call++) {
      assertThat(load()).isEqualTo(1);
      database.cache().evict(2L);
    }
    assertThat(orders).hasValue(0);
    assertThat(TransactionSynchronizationManager.getSynchronizations())
        .as("the counted ones and the transaction")
        .hasSize(SYNCHRONIZATIONS + 1);
    assertThat(orders).as("the sort that is counted").hasPositiveValue();
  }

  private final class Counting implements TransactionSynchronization {

    @Override
    public int getOrder() {
      orders.incrementAndGet();
      return TransactionSynchronization.super.getOrder();
    }
  }
}
