package io.github.cacheinvalidation.internal.transaction;

import static io.github.cacheinvalidation.testing.ThreadPerTask.THREAD_PER_TASK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.cacheinvalidation.internal.cache.TestCaches;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.core.Ordered;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Code that runs inside a flush: removal listeners of the application, on the committing thread.
 */
@Tag("G2")
class FlushTest {

  private final List<Runnable> onRemoval = new ArrayList<>();

  private final TestCaches caches =
      TestCaches.of(
          Caffeine.newBuilder()
              .executor(Runnable::run)
              .removalListener(
                  (key, value, cause) -> {
                    List<Runnable> once = List.copyOf(onRemoval);
                    onRemoval.clear();
                    once.forEach(Runnable::run);
                  }),
          SpringTransactions::new);

  private final Cache prices = caches.cache("prices");

  private final Cache names = caches.cache("names");

  private final JdbcTransactionManager manager = manager();

  private final TransactionTemplate transaction = new TransactionTemplate(manager);

  private JdbcTransactionManager manager() {
    JdbcDataSource source = new JdbcDataSource();
    source.setUrl("jdbc:h2:mem:");
    JdbcTransactionManager made = new JdbcTransactionManager(source);
    made.addListener((TransactionExecutionListener) caches.transactions());
    return made;
  }

  @Test
  void removalListenerThatWrites_duringAFlush_writesAtOnce() {
    prices.put(1L, 10);
    names.put("n", "old");
    caches.published();
    onRemoval.add(() -> names.evict("n"));
    transaction.executeWithoutResult(
        status -> {
          prices.evict(1L);
          prices.evict(2L);
        });
    assertThat(onRemoval).isEmpty();
    assertThat(names.get("n")).isNull();
    assertThat(caches.published()).containsExactly("{\"names\":[\"n\"],\"prices\":[1,2]}");
  }

  @Test
  void removalListenerThatWrites_duringAFlush_keepsNothingFromBeingApplied() {
    for (long id = 1; id <= 3; id++) {
      prices.put(id, id);
    }
    caches.published();
    onRemoval.add(() -> prices.evict(9L));
    transaction.executeWithoutResult(
        status -> {
          prices.evict(1L);
          prices.evict(2L);
          prices.evict(3L);
        });
    assertThat(prices.get(1L)).isNull();
    assertThat(prices.get(2L)).isNull();
    assertThat(prices.get(3L)).isNull();
    assertThat(caches.published()).containsExactly("{\"prices\":[9,1,2,3]}");
  }

  @Test
  void removalListenerWithATransactionOfItsOwn_duringAFlush_commitsItAlone() {
    prices.put(1L, 10);
    prices.put(2L, 20);
    caches.published();
    TransactionTemplate own = new TransactionTemplate(manager, requiresNew());
    onRemoval.add(() -> own.executeWithoutResult(status -> names.evict("n")));
    transaction.executeWithoutResult(
        status -> {
          prices.evict(1L);
          prices.evict(2L);
        });
    assertThat(prices.get(2L)).isNull();
    assertThat(caches.published()).containsExactly("{\"names\":[\"n\"],\"prices\":[1,2]}");
  }

  @Test
  void otherCallbacks_findTheWritesApplied() {
    prices.put(1L, 10);
    List<Object> found = new ArrayList<>();
    transaction.executeWithoutResult(
        status -> {
          prices.evict(1L);
          TransactionSynchronizationManager.registerSynchronization(
              new TransactionSynchronization() {
                @Override
                public int getOrder() {
                  return Ordered.HIGHEST_PRECEDENCE + 1;
                }

                @Override
                public void afterCommit() {
                  found.add(
                      CompletableFuture.supplyAsync(
                              () -> String.valueOf(prices.get(1L)), THREAD_PER_TASK)
                          .join());
                }
              });
        });
    assertThat(found).containsExactly("null");
  }

  @Test
  void putThatCannotBeStored_swallowsNoOtherCallback() {
    Database picky = Database.picky();
    List<String> called = new ArrayList<>();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                picky.inTransaction(
                    () -> {
                      picky.cache().put(1L, "heavy");
                      TransactionSynchronizationManager.registerSynchronization(
                          new TransactionSynchronization() {
                            @Override
                            public void afterCommit() {
                              called.add("afterCommit");
                            }
                          });
                    }));
    assertThat(called).containsExactly("afterCommit");
    assertThat(picky.published()).containsExactly("{\"prices\":[1]}");
  }

  private static org.springframework.transaction.TransactionDefinition requiresNew() {
    return new org.springframework.transaction.support.DefaultTransactionDefinition(
        org.springframework.transaction.TransactionDefinition.PROPAGATION_REQUIRES_NEW);
  }
}
