package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.cache.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Annotated methods whose result comes later, on another thread than the one of the transaction in
 * which they were called: Spring puts, or evicts, on the thread that brings the result.
 */
@Tag("G2")
class FuturesInTransactionsTest extends LateResults {

  private final CountDownLatch evicted = new CountDownLatch(1);

  private final CountDownLatch ended = new CountDownLatch(1);

  static Stream<Arguments> all() {
    return Stream.of(AdviceOrders.Outside.class, AdviceOrders.Decorated.class)
        .flatMap(
            advice ->
                Stream.of(LateShop.Operation.values()).map(each -> Arguments.of(advice, each)));
  }

  @Tag("G2.34")
  @ParameterizedTest
  @MethodSource("all")
  void resultOfATransactionThatRollsBack_isSeenByNobody(
      Class<?> advice, LateShop.Operation operation) {
    LateShop shop = shop(advice);
    here.inTransaction(
        outer -> {
          here.change(1, 99);
          CompletableFuture<?> result = operation.call(shop, source);
          completeElsewhere(99);
          assertThat(result).isCompleted();
          assertThatAllSee(10);
          outer.setRollbackOnly();
        });
    assertThatAllSee(10);
  }

  @Tag("G2.34")
  @ParameterizedTest
  @MethodSource("all")
  void loadsBeforeTheCommit_areEvictedAfterTheCommit(
      Class<?> advice, LateShop.Operation operation) {
    LateShop shop = shop(advice);
    here.inTransaction(
        () -> {
          here.change(1, 99);
          CompletableFuture<?> result = operation.call(shop, source);
          completeElsewhere(99);
          assertThat(result).isCompleted();
          assertThatAllSee(10);
        });
    assertThatAllSee(99);
  }

  @Tag("G2.34")
  @ParameterizedTest
  @MethodSource("all")
  void changeOfTheThreadThatBringsTheResult_isSeenAtOnce(
      Class<?> advice, LateShop.Operation operation) {
    LateShop shop = shop(advice);
    here.inTransaction(
        outer -> {
          assertThatAllSee(10);
          CompletableFuture<?> result = operation.call(shop, source);
          elsewhere(
              () -> {
                here.change(1, 99);
                return source.complete(99);
              });
          assertThat(result).isCompleted();
          assertThatAllSee(99);
          outer.setRollbackOnly();
        });
    assertThatAllSee(99);
  }

  @ParameterizedTest
  @MethodSource("all")
  void resultBroughtInATransactionThatRollsBack_isSeenByNobody(
      Class<?> advice, LateShop.Operation operation) {
    LateShop shop = shop(advice);
    here.inTransaction(
        () -> {
          CompletableFuture<?> result = operation.call(shop, source);
          elsewhere(
              () -> {
                here.inTransaction(
                    inner -> {
                      here.change(1, 99);
                      source.complete(99);
                      assertThat(result).isCompleted();
                      assertThatAllSee(10);
                      inner.setRollbackOnly();
                    });
                return "done";
              });
          assertThatAllSee(10);
        });
    assertThatAllSee(10);
  }

  /** The other thread's earlier read is older than the commit of the first thread. */
  @Tag("G2.36")
  @ParameterizedTest
  @MethodSource("all")
  void resultBroughtInATransaction_ofAMethodWhoseOwnHasNotEnded_isEvictedAfterBoth(
      Class<?> advice, LateShop.Operation operation) {
    LateShop shop = shop(advice);
    here.inTransaction(
        () -> {
          here.change(1, 99);
          CompletableFuture<?> result = operation.call(shop, source);
          elsewhere(
              () -> {
                here.inTransaction(() -> source.complete(99));
                return "done";
              });
          assertThat(result).isCompleted();
          assertThatAllSee(10);
        });
    assertThatAllSee(99);
  }

  /** The change may be committed before that transaction began. */
  @Tag("G2.36")
  @ParameterizedTest
  @MethodSource("all")
  void resultBroughtInATransaction_ofAMethodThatWasCalledInNone_isEvictedAtOnce(
      Class<?> advice, LateShop.Operation operation) {
    LateShop shop = shop(advice);
    assertThatAllSee(10);
    CompletableFuture<?> result = operation.call(shop, source);
    here.change(1, 99);
    here.inTransaction(
        () -> {
          source.complete(99);
          assertThat(result).isCompleted();
          assertThatAllSee(99);
        });
    assertThatAllSee(99);
  }

  /**
   * After the immediate eviction, other transactions load the old value; then the transaction ends.
   */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "(PUT|EVICT).*")
  void transactionThatEndsBetweenTheTwoEvictions_leavesNothingOld(LateShop.Operation operation)
      throws Exception {
    LateShop shop = shop(AdviceOrders.Outside.class);
    here.cache().put(1L, 10);
    List<Threads<Boolean>> other = new ArrayList<>();
    here.inTransaction(
        () -> {
          here.change(1, 99);
          CompletableFuture<?> ignored = operation.call(shop, source);
          whenRemoved = this::evictedBeforeTheEnd;
          other.add(Threads.start(() -> source.complete(99)));
          Threads.reach(evicted);
        });
    ended.countDown();
    assertThat(other.get(0).result()).isTrue();
    assertThatAllSee(99);
  }

  private void evictedBeforeTheEnd() {
    whenRemoved = () -> {};
    assertThat(elsewhere(() -> here.cache().get(1L, () -> here.price(1)))).isEqualTo(10);
    evicted.countDown();
    Threads.reach(ended);
  }

  /** The eviction waits for the inner transaction, not for the one around it. */
  @ParameterizedTest
  @EnumSource
  void resultOfAnotherManagersTransactionInside_isEvictedAfterThatOne(
      LateShop.Operation operation) {
    LateShop shop = shop(AdviceOrders.Outside.class);
    TransactionTemplate second = new TransactionTemplate(here.secondManager());
    here.inTransaction(
        outer -> {
          second.executeWithoutResult(
              inner -> {
                CompletableFuture<?> result = operation.call(shop, source);
                completeElsewhere(99);
                assertThat(result).isCompleted();
                elsewhere(() -> here.cache().get(1L, () -> "before the inner commit"));
                here.caches().deliverTo(there.caches());
              });
          assertThat(here.cached(1L)).isNull();
          assertThat(here.published()).isNotEmpty();
        });
  }

  /** While the writes of the transaction are done, nothing can be added to them. */
  @ParameterizedTest
  @EnumSource
  void resultBroughtWhileTheTransactionEnds_isEvicted(LateShop.Operation operation) {
    LateShop shop = shop(AdviceOrders.Outside.class);
    here.inTransaction(
        () -> {
          CompletableFuture<?> result = operation.call(shop, source);
          UnitOfWork unit = here.caches().transactions().current();
          assertThat(unit).isNotNull();
          unit.evict(
              new DuringTheEnd(
                  () -> {
                    elsewhere(() -> here.cache().get(1L, () -> "before the result"));
                    completeElsewhere(99);
                    assertThat(result).isCompleted();
                  }),
              "key");
        });
    assertThat(source).isCompleted();
    assertThat(here.cached(1L)).isNull();
    assertThat(here.published()).isNotEmpty();
  }

  /** Does something else while the transaction does its writes. */
  private record DuringTheEnd(Runnable work) implements WriteTarget {

    @Override
    public String name() {
      return "during the end";
    }

    @Override
    public boolean localOnly() {
      return true;
    }

    @Override
    public void applyEvict(Object key) {
      work.run();
    }

    @Override
    public void applyClear() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void applyPut(Object key, Object storeValue, long stamp) {
      throw new UnsupportedOperationException();
    }
  }
}
