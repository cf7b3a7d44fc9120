package io.github.cacheinvalidation.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionDefinition;

/** The writes of a transaction are done and published at its end, and not before. */
@Tag("G2")
class TransactionalWritesTest extends TransactionFixture {

  @Tag("G2.1")
  @Test
  void evict_isAppliedAndPublishedOnlyAfterTheCommit() {
    database.cache().put(1L, 10);
    database.published();
    database.inTransaction(
        () -> {
          database.cache().evict(1L);
          assertThat(database.caches().outbox().pendingKeys()).isZero();
          assertThat(cachedElsewhere(1L)).isEqualTo(10);
        });
    assertThat(database.cached(1L)).isNull();
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Tag("G2.1")
  @Test
  void put_isStoredAndPublishedOnlyAfterTheCommit() {
    database.inTransaction(
        () -> {
          database.cache().put(1L, 11);
          assertThat(database.caches().outbox().pendingKeys()).isZero();
          assertThat(cachedElsewhere(1L)).isNull();
        });
    assertThat(database.cached(1L)).isEqualTo(11);
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void clear_isAppliedAndPublishedOnlyAfterTheCommit() {
    database.cache().put(1L, 10);
    database.published();
    database.inTransaction(
        () -> {
          database.cache().clear();
          assertThat(cachedElsewhere(1L)).isEqualTo(10);
        });
    assertThat(database.cached(1L)).isNull();
    assertThat(database.published()).containsExactly("{\"prices\":\"*\"}");
  }

  @Test
  void allWrites_ofOneTransaction_travelInOneMessage() {
    database.inTransaction(
        () -> {
          database.cache().evict(1L);
          database.cache().put(2L, 20);
          database.cache("names").evict("x");
          database.cache("stock").put("y", 1);
          database.cache("stock").clear();
          database.cache().evict(1L);
          database.caches().manager().invalidator().evictAll("prices", List.of(3L, 4L));
        });
    assertThat(database.published())
        .containsExactly("{\"prices\":[1,2,3,4],\"names\":[\"x\"],\"stock\":\"*\"}");
  }

  @Tag("G2.2")
  @Test
  void evictions_ofARollback_areDoneAfterIt_andPutsOnlyEvict() {
    database.cache().put(1L, 10);
    database.published();
    database.inTransaction(
        status -> {
          database.cache().evict(1L);
          database.cache().put(2L, 21);
          database.cache("names").clear();
          assertThat(cachedElsewhere(1L)).isEqualTo(10);
          assertThat(database.published()).isEmpty();
          status.setRollbackOnly();
        });
    assertThat(database.cached(1L)).isNull();
    assertThat(database.cached(2L)).isNull();
    assertThat(database.published()).containsExactly("{\"prices\":[1,2],\"names\":\"*\"}");
  }

  @Tag("G2.7")
  @Test
  void evictIfPresent_actsAtOnceHere_andElsewhereAfterTheCommit() {
    database.cache().put(1L, 10);
    database.published();
    database.inTransaction(
        () -> {
          assertThat(database.cache().evictIfPresent(1L)).isTrue();
          assertThat(cachedElsewhere(1L)).isNull();
          assertThat(database.caches().outbox().pendingKeys()).isZero();
        });
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void evictIfPresent_isAppliedAgainAfterTheCommit() {
    database.inTransaction(
        () -> {
          database.cache().evictIfPresent(1L);
          onAnotherThread(() -> database.cache().get(1L, () -> "loaded before the commit"));
        });
    assertThat(database.cached(1L)).isNull();
  }

  @Test
  void invalidate_actsAtOnceHere_andElsewhereAfterTheCommit() {
    database.cache().put(1L, 10);
    database.published();
    database.inTransaction(
        () -> {
          assertThat(database.cache().invalidate()).isTrue();
          assertThat(cachedElsewhere(1L)).isNull();
          onAnotherThread(() -> database.cache().get(1L, () -> "loaded before the commit"));
        });
    assertThat(database.cached(1L)).isNull();
    assertThat(database.published()).containsExactly("{\"prices\":\"*\"}");
  }

  @Test
  void immediateEviction_ofARollback_isPublishedAfterIt() {
    database.inTransaction(
        status -> {
          database.cache().evictIfPresent(1L);
          database.cache().invalidate();
          assertThat(database.published()).isEmpty();
          status.setRollbackOnly();
        });
    assertThat(database.published()).containsExactly("{\"prices\":\"*\"}");
  }

  @Tag("G2.8")
  @Test
  void writtenKey_isNotServedToItsTransaction_butToOthers() {
    database.cache().put(1L, 10);
    database.inTransaction(
        () -> {
          database.cache().evict(1L);
          assertThat(database.cache().get(1L)).isNull();
          assertThat(database.cache().retrieve(1L)).isNull();
          assertThat(cachedElsewhere(1L)).isEqualTo(10);
        });
  }

  @Test
  void clearedCache_isNotServedToItsTransaction() {
    database.cache().put(1L, 10);
    database.inTransaction(
        () -> {
          database.cache().clear();
          assertThat(database.cache().get(1L)).isNull();
        });
  }

  @Test
  void writtenKey_isNotStoredByALoadOfItsTransaction() {
    database.inTransaction(
        () -> {
          database.change(1, 11);
          database.cache().evict(1L);
          assertThat(database.cache().get(1L, () -> database.price(1))).isEqualTo(11);
        });
    assertThat(database.cached(1L)).isNull();
  }

  @Test
  void putIfAbsent_isStoredAndPublishedAfterTheCommit() {
    database.inTransaction(
        () -> {
          assertThat(database.cache().putIfAbsent(1L, 10)).isNull();
          assertThat(cachedElsewhere(1L)).isNull();
        });
    assertThat(database.cached(1L)).isEqualTo(10);
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void resetCaches_actsAtOnce_andPublishesNothingAfterTheCommit() {
    database.cache().put(1L, 10);
    database.published();
    database.inTransaction(
        () -> {
          database.caches().manager().resetCaches();
          assertThat(cachedElsewhere(1L)).isNull();
        });
    assertThat(database.published()).isEmpty();
  }

  @Test
  void putThatCrossedAnInvalidation_evictsInsteadOfStoring() {
    database.inTransaction(
        () -> {
          database.cache().put(1L, 11);
          database.caches().receiveEviction("prices", 1L);
        });
    assertThat(database.cached(1L)).isNull();
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void writesWithoutTransaction_insideSupports_areAppliedAtOnce() {
    database.inTransaction(
        TransactionDefinition.PROPAGATION_SUPPORTS,
        status -> {
          database.cache().put(1L, 10);
          assertThat(cachedElsewhere(1L)).isEqualTo(10);
          assertThat(database.published()).containsExactly("{\"prices\":[1]}");
        });
    assertThat(database.published()).isEmpty();
  }

  @Test
  void writesWithoutTransaction_insideSupportsThatThrows_stay() {
    database.cache().put(1L, 10);
    database.published();
    assertThatThrownBy(
            () ->
                database.inTransaction(
                    TransactionDefinition.PROPAGATION_SUPPORTS,
                    status -> {
                      database.cache().evict(1L);
                      throw new IllegalStateException("after the eviction");
                    }))
        .hasMessage("after the eviction");
    assertThat(database.cached(1L)).isNull();
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void writesInSupportsThatThrows_arePublishedAfterTheRollbackOfTheTransaction() {
    assertThatThrownBy(
            () ->
                database.inTransaction(
                    outer ->
                        database.inTransaction(
                            TransactionDefinition.PROPAGATION_SUPPORTS,
                            status -> {
                              database.cache().evict(1L);
                              throw new IllegalStateException("after the eviction");
                            })))
        .hasMessage("after the eviction");
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Tag("G2.22")
  @Test
  void requiresNew_hasWritesOfItsOwn() {
    database.inTransaction(
        outer -> {
          database.cache().evict(1L);
          database.inTransaction(
              TransactionDefinition.PROPAGATION_REQUIRES_NEW, inner -> database.cache().evict(2L));
          assertThat(database.published()).containsExactly("{\"prices\":[2]}");
          outer.setRollbackOnly();
        });
    assertThat(database.published()).containsExactly("{\"prices\":[1]}");
  }

  @Test
  void requiresNew_thatRollsBack_leavesTheOuterWrites() {
    database.inTransaction(
        outer -> {
          database.cache().evict(1L);
          database.inTransaction(
              TransactionDefinition.PROPAGATION_REQUIRES_NEW,
              inner -> {
                database.cache().evict(2L);
                inner.setRollbackOnly();
              });
          assertThat(database.published()).containsExactly("{\"prices\":[2]}");
          database.cache().evict(3L);
          assertThat(database.published()).containsExactly("{\"prices\":[3]}");
        });
    assertThat(database.published()).containsExactly("{\"prices\":[1,3]}");
  }

  @Test
  void notSupported_insideATransaction_appliesAtOnce() {
    database.inTransaction(
        outer -> {
          database.inTransaction(
              TransactionDefinition.PROPAGATION_NOT_SUPPORTED, inner -> database.cache().evict(2L));
          assertThat(database.published()).containsExactly("{\"prices\":[2]}");
        });
  }

  @Test
  void localOnlyCache_isWrittenAfterTheCommitAndNotPublished() {
    database.inTransaction(() -> database.cache("local").put("key", 1));
    assertThat(database.cached("local", "key")).isEqualTo(1);
    assertThat(database.published()).isEmpty();
  }

  @Test
  void aWeigherThatThrows_doesNotKeepTheInvalidationFromOtherNodes() {
    Database picky = Database.picky();
    assertThatThrownBy(() -> picky.inTransaction(() -> picky.cache().put(1L, "heavy")))
        .isInstanceOf(RuntimeException.class);
    assertThat(picky.published()).containsExactly("{\"prices\":[1]}");
  }
}
