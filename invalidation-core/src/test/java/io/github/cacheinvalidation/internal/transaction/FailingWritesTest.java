package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.Ordered;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Writes and loads that a cache refuses with an exception when their transaction has committed. */
@Tag("G2")
@ExtendWith(OutputCaptureExtension.class)
class FailingWritesTest {

  private final Database database = Database.picky();

  private final List<String> called = new ArrayList<>();

  @Tag("G2.42")
  @Test
  void putThatFails_keepsNoOtherWriteFromBeingDone_andIsThrownAfterAllCallbacks() {
    database.cache("names").put("x", "y");
    database.published();
    assertThatThrownBy(
            () ->
                database.inTransaction(
                    () -> {
                      database.cache().put(1L, "heavy");
                      database.cache().put(2L, "light");
                      database.cache("names").clear();
                      database.cache().get(3L, () -> "loaded");
                      callback(Ordered.HIGHEST_PRECEDENCE);
                      callback(Ordered.LOWEST_PRECEDENCE);
                    }))
        .hasMessage("too heavy");
    assertThat(database.cached(1L)).isNull();
    assertThat(database.cached(2L)).isEqualTo("light");
    assertThat(database.cached(3L)).isEqualTo("loaded");
    assertThat(database.cached("names", "x")).isNull();
    assertThat(called).hasSize(2);
    assertThat(database.published()).containsExactly("{\"prices\":[1,2],\"names\":\"*\"}");
  }

  @Test
  void loadThatFails_keepsNoOtherFromBeingStored_andIsThrown() {
    assertThatThrownBy(
            () ->
                database.inTransaction(
                    () -> {
                      database.cache().get(1L, () -> "heavy");
                      database.cache().get(2L, () -> "light");
                      callback(Ordered.LOWEST_PRECEDENCE);
                    }))
        .hasMessage("too heavy");
    assertThat(database.cached(1L)).isNull();
    assertThat(database.cached(2L)).isEqualTo("light");
    assertThat(called).hasSize(1);
  }

  @Test
  void severalFailures_areThrownAsOne() {
    Throwable thrown =
        catchThrowable(
            () ->
                database.inTransaction(
                    () -> {
                      database.cache().put(1L, "heavy");
                      database.cache().put(2L, "heavy");
                    }));
    assertThat(thrown).hasMessage("too heavy");
    assertThat(thrown.getSuppressed()).hasSize(1);
  }

  @Test
  void failure_behindACallbackThatFails_isLogged(CapturedOutput output) {
    assertThatThrownBy(
            () ->
                database.inTransaction(
                    () -> {
                      database.cache().put(1L, "heavy");
                      TransactionSynchronizationManager.registerSynchronization(
                          new TransactionSynchronization() {
                            @Override
                            public void afterCommit() {
                              throw new TransactionSystemException("the application's");
                            }
                          });
                    }))
        .hasMessage("the application's");
    assertThat(output.toString()).contains("too heavy");
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  private void callback(int order) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public int getOrder() {
            return order;
          }

          @Override
          public void afterCommit() {
            called.add("afterCommit");
          }
        });
  }
}
