package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.cache.Threads;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The fate of a put or a load whose result comes later, of its transaction, and of its waiting
 * callers.
 */
@Tag("G2")
class PutsAndLoadsOfFuturesTest extends LateResults {

  @Tag("G2.35")
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "PUT.*")
  void put_broughtAfterTheCommit_isStoredAndPublished(LateShop.Operation operation) {
    LateShop shop = shop(AdviceOrders.Outside.class);
    here.inTransaction(
        () -> {
          here.change(1, 99);
          CompletableFuture<?> ignored = operation.call(shop, source);
        });
    completeElsewhere(99);
    assertThat(here.cached(1L)).isIn(99, List.of(99));
    assertThat(here.published()).containsExactly("{\"prices\":[1]}");
  }

  @Tag("G2.35")
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "PUT.*")
  void put_broughtAfterTheRollback_onlyEvicts(LateShop.Operation operation) {
    LateShop shop = shop(AdviceOrders.Outside.class);
    here.inTransaction(
        outer -> {
          here.change(1, 99);
          CompletableFuture<?> ignored = operation.call(shop, source);
          outer.setRollbackOnly();
        });
    completeElsewhere(99);
    assertThat(here.cached(1L)).isNull();
    assertThat(here.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void put_begunSinceARolledBackSavepoint_onlyEvicts() {
    LateShop shop = shop(AdviceOrders.Outside.class);
    CompletableFuture<Integer> late = new CompletableFuture<>();
    here.inTransaction(
        outer -> {
          Object savepoint = outer.createSavepoint();
          here.change(1, 99);
          List<CompletableFuture<Integer>> ignored =
              List.of(shop.put(1, source), shop.put(2, late));
          outer.rollbackToSavepoint(savepoint);
          completeElsewhere(99);
        });
    assertThat(here.cached(1L)).isNull();
    assertThat(elsewhere(() -> late.complete(99))).isEqualTo(true);
    assertThat(here.cached(2L)).isNull();
  }

  @Test
  void put_ofAViewOlderThanAnInvalidation_broughtAfterTheCommit_onlyEvicts() {
    LateShop shop = shop(AdviceOrders.Outside.class);
    here.cache().put(1L, 10);
    here.inTransaction(
        () -> {
          here.caches().receiveEviction("prices", 1L);
          CompletableFuture<Integer> ignored = shop.put(1, source);
        });
    completeElsewhere(11);
    assertThat(here.cached(1L)).isNull();
  }

  /** Reads in {@code afterCommit} go through the transaction that has ended. */
  @Test
  void put_begunInAfterCommit_broughtAfterTheTransaction_onlyEvicts() {
    LateShop shop = shop(AdviceOrders.Outside.class);
    here.inTransaction(
        () ->
            TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                  @Override
                  public void afterCommit() {
                    here.change(1, 99);
                    CompletableFuture<Integer> ignored = shop.put(1, source);
                  }
                }));
    completeElsewhere(99);
    assertThat(here.cached(1L)).isNull();
    assertThat(here.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void put_begunInATransactionWhoseBeginningWasNotSeen_broughtAfterTheCommit_onlyEvicts() {
    here.manager().setTransactionExecutionListeners(List.of());
    LateShop shop = shop(AdviceOrders.Outside.class);
    here.inTransaction(
        () -> {
          CompletableFuture<Integer> ignored = shop.put(1, source);
        });
    completeElsewhere(11);
    assertThat(here.cached(1L)).isNull();
    assertThat(here.published()).containsExactly("{\"prices\":[1]}");
  }

  @Tag("G2.37")
  @ParameterizedTest
  @MethodSource("orders")
  void put_ofAMethodThatAskedForARollback_onlyEvicts(Class<?> advice) {
    CompletableFuture<Integer> result = shop(advice).changeAndRollBack(1, 99, source);
    completeElsewhere(99);
    assertThat(result).isCompletedWithValue(99);
    assertThat(here.cached(1L)).isNull();
    assertThat(here.published()).containsExactly("{\"prices\":[1]}");
  }

  @Tag("G2.37")
  @ParameterizedTest
  @MethodSource("orders")
  void load_ofAMethodThatAskedForARollback_isNotStored(Class<?> advice) {
    CompletableFuture<Integer> result = shop(advice).loadRolledBack(1, 99, source);
    completeElsewhere(99);
    assertThat(result).isCompletedWithValue(99);
    assertThat(here.cached(1L)).isNull();
    assertThat(here.observer().newCacheEvents()).containsExactly("refused prices TRANSACTION");
  }

  @ParameterizedTest
  @MethodSource("orders")
  void sharedLoad_ofAMethodThatAskedForARollback_isNotStored(Class<?> advice) {
    CompletableFuture<Integer> result = shop(advice).sharedLoadRolledBack(1, 99, source);
    completeElsewhere(99);
    assertThat(result).isCompletedWithValue(99);
    assertThat(here.cached(1L)).isNull();
    assertThat(here.observer().newCacheEvents()).containsExactly("refused prices TRANSACTION");
  }

  static Stream<Class<?>> orders() {
    return Stream.of(
        AdviceOrders.Outside.class, AdviceOrders.Decorated.class, AdviceOrders.Inside.class);
  }

  /**
   * Reads through the view of the thread that brings the result, so no other caller may share the
   * load.
   */
  @Tag("G2.38")
  @Test
  void joinerOfAFuture_thatIsCompletedInsideATransaction_loadsOnItsOwn() throws Exception {
    CompletableFuture<Integer> leader = here.cache().retrieve("sum", () -> source);
    Threads<Object> joiner =
        Threads.<Object>start(() -> here.cache("names").get("outer", () -> joinedSum().join()))
            .untilWaiting();
    here.inTransaction(
        status -> {
          here.change(1, 99);
          source.complete(here.sum());
          assertThat(leader).isCompletedWithValue(119);
          status.setRollbackOnly();
        });
    assertThat(joiner.result()).isEqualTo(30);
    assertThat(here.cached("names", "outer")).isEqualTo(30);
  }

  @Tag("G2.38")
  @Test
  void joinerOfAFuture_thatFailsInsideATransaction_loadsOutsideOfIt() throws Exception {
    CompletableFuture<Integer> leader = here.cache().retrieve("sum", () -> source);
    Threads<Object> joiner =
        Threads.<Object>start(() -> here.cache("names").get("outer", () -> joinedSum().join()))
            .untilWaiting();
    here.inTransaction(
        status -> {
          here.change(1, 99);
          source.completeExceptionally(new IllegalStateException("planted"));
          assertThat(leader).isCompletedExceptionally();
          status.setRollbackOnly();
        });
    assertThat(joiner.result()).isEqualTo(30);
    assertThat(here.cached("names", "outer")).isEqualTo(30);
  }

  private CompletableFuture<Integer> joinedSum() {
    return here.cache().retrieve("sum", () -> CompletableFuture.completedFuture(here.sum()));
  }
}
