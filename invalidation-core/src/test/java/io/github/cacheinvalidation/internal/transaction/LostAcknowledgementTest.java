package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.testing.LostAcknowledgements;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The database has committed, and the application gets an exception instead of an answer. */
@Tag("G2")
@ParameterizedClass
@EnumSource
class LostAcknowledgementTest {

  /** The status that each transaction manager reports after a lost acknowledgement. */
  enum Manager {
    JDBC(TransactionSynchronization.STATUS_ROLLED_BACK),
    DATA_SOURCE(TransactionSynchronization.STATUS_UNKNOWN);

    private final int reported;

    Manager(int reported) {
      this.reported = reported;
    }

    private DataSourceTransactionManager create(DataSource source) {
      return this == JDBC
          ? new JdbcTransactionManager(source)
          : new DataSourceTransactionManager(source);
    }
  }

  private final LostAcknowledgements source =
      new LostAcknowledgements(DatabaseServer.H2.dataSource());

  private final Database database = Database.in(source, TransactionDefinition.ISOLATION_DEFAULT);

  private final Manager kind;

  private final DataSourceTransactionManager manager;

  private final List<Integer> reported = new ArrayList<>();

  LostAcknowledgementTest(Manager kind) {
    this.kind = kind;
    manager = kind.create(source);
    manager.addListener((TransactionExecutionListener) database.caches().transactions());
  }

  @Tag("G2.27")
  @Test
  void eviction_isDoneAsAfterACommit() {
    database.cache().put(1L, 10);
    database.cache("names").put("x", "y");
    database.published();
    commitWithoutAnswer(
        () -> {
          database.cache().evict(1L);
          database.cache("names").clear();
        });
    assertThat(database.cached(1L)).isNull();
    assertThat(database.cached("names", "x")).isNull();
    assertThat(database.published()).containsExactly("{\"prices\":[1],\"names\":\"*\"}");
  }

  @Test
  void put_isAnEviction() {
    database.cache().put(1L, 10);
    database.published();
    commitWithoutAnswer(() -> database.cache().put(1L, 11));
    assertThat(database.cached(1L)).isNull();
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void load_isNotStored() {
    commitWithoutAnswer(() -> database.cache().get("sum", database::sum));
    assertThat(database.cached("sum")).isNull();
    assertThat(database.observer().newCacheEvents()).containsExactly("refused prices TRANSACTION");
  }

  @Test
  void rollbackThatTheApplicationAskedFor_evictsToo() {
    database.cache().put(1L, 10);
    database.published();
    source.lose(true);
    new TransactionTemplate(manager)
        .executeWithoutResult(
            status -> {
              database.cache().evict(1L);
              status.setRollbackOnly();
            });
    assertThat(database.cached(1L)).isNull();
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  private void commitWithoutAnswer(Runnable work) {
    source.lose(true);
    TransactionTemplate template = new TransactionTemplate(manager);
    assertThatThrownBy(
            () ->
                template.executeWithoutResult(
                    status -> {
                      TransactionSynchronizationManager.registerSynchronization(
                          new TransactionSynchronization() {
                            @Override
                            public void afterCompletion(int outcome) {
                              reported.add(outcome);
                            }
                          });
                      database.change(1, 11);
                      work.run();
                    }))
        .rootCause()
        .hasMessage("the answer got lost");
    source.lose(false);
    assertThat(reported).containsExactly(kind.reported);
    assertThat(database.price(1)).as("in the database").isEqualTo(11);
  }
}
