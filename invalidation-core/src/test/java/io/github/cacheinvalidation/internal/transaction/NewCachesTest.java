package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.internal.cache.TestCaches;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.Cache;

/** A cache that is made when it is first used, after the transaction has begun. */
@Tag("G2")
@Tag("G2.11")
class NewCachesTest {

  private final Database database = Database.create();

  private final AtomicInteger loads = new AtomicInteger();

  private Object load(String cache, Object key) {
    Object loaded = database.cache(cache).get(key, loads::incrementAndGet);
    return java.util.Objects.requireNonNull(loaded);
  }

  @Test
  void firstLoad_inAReadWriteTransaction_isStoredAfterItsCommit() {
    database.inTransaction(() -> load("young", 1L));
    assertThat(database.cached("young", 1L)).isEqualTo(1);
    assertThat(database.observer().newCacheEvents()).isEmpty();
  }

  @Test
  void firstLoad_inAReadOnlyTransaction_isStoredAtOnce() {
    database.inReadOnly(
        () -> {
          load("young", 1L);
          assertThat(database.cached("young", 1L)).isEqualTo(1);
        });
  }

  @Test
  void firstLoad_underAnOlderPersistenceContext_isStored() {
    LogicalClock[] clock = new LogicalClock[1];
    long[] opened = {PersistenceContexts.NONE};
    TestCaches caches =
        TestCaches.with(
            (nodes, outbox) -> {
              clock[0] = nodes;
              return new SpringTransactions(nodes, outbox, () -> opened[0]);
            });
    opened[0] = clock[0].now();
    caches.cache("prices").evict(1L);
    Cache young = caches.cache("young");
    assertThat(young.<Object>get(1L, () -> "first")).isEqualTo("first");
    assertThat(young.<Object>get(1L, () -> "second")).isEqualTo("first");
  }

  @Test
  void messageOfAnotherCacheThatIsHere_changesNothing() {
    database.inTransaction(
        () -> {
          database.caches().receiveEviction("prices", 1L);
          load("young", 1L);
        });
    assertThat(database.cached("young", 1L)).isEqualTo(1);
  }

  @Test
  void messageThatNamedItBeforeTheTransactionBegan_changesNothing() {
    database.caches().receiveEviction("young", 1L);
    database.inTransaction(() -> load("young", 1L));
    assertThat(database.cached("young", 1L)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"cache\":\"young\",\"key\":1}",
        "{\"cache\":\"young\"}",
        "{\"key\":\"young:1\"}",
        "{\"key\":\"1\"}",
        "{\"cache\":\"*\"}"
      })
  void messageThatMayHaveNamedItSinceTheTransactionBegan_refusesItsLoad(String message) {
    database.inTransaction(
        () -> {
          database.caches().receive(message);
          load("young", 1L);
        });
    assertThat(database.cached("young", 1L)).isNull();
    assertThat(database.observer().newCacheEvents()).contains("refused young CLEARED");
    database.inTransaction(() -> load("young", 1L));
    assertThat(database.cached("young", 1L)).isEqualTo(2);
  }

  @Test
  void messageOfAnotherCacheThatIsNotHere_countsToo_sinceThereIsOneTimeForAll() {
    database.inTransaction(
        () -> {
          database.caches().receiveEviction("elsewhere", 1L);
          load("young", 1L);
        });
    assertThat(database.cached("young", 1L)).isNull();
  }

  @Test
  void clearOfAllCachesSinceTheTransactionBegan_refusesItsLoad() {
    database.inTransaction(
        () -> {
          database.caches().manager().localCaches().clearAll(ClearReason.JOINED);
          load("young", 1L);
        });
    assertThat(database.cached("young", 1L)).isNull();
  }

  @Test
  void messageAfterItWasMade_refusesTheLoad() {
    database.inTransaction(
        () -> {
          Cache young = database.cache("young");
          database.caches().receiveEviction("young", 1L);
          young.get(1L, () -> "as the transaction saw it when it began");
        });
    assertThat(database.cached("young", 1L)).isNull();
  }
}
