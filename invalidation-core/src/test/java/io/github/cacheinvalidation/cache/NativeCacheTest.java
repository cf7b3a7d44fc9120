package io.github.cacheinvalidation.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.github.cacheinvalidation.transaction.Transactions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NativeCacheTest {

  private final TestCaches caches = TestCaches.create();

  private final CoherentCache cache = caches.coherent("prices");

  private final Cache<Object, Object> facade = cache.getNativeCache();

  @Test
  void facade_staysTheSameOverClears_andShowsThePresentEntries() {
    cache.put(1L, 10);
    assertThat(facade.getIfPresent(1L)).isEqualTo(10);
    cache.clear();
    assertThat(cache.getNativeCache()).isSameAs(facade);
    assertThat(facade.estimatedSize()).isZero();
    cache.put(2L, 20);
    assertThat(facade.asMap()).containsOnlyKeys(2L);
  }

  @Test
  void stats_countHitsAndMissesOverClears() {
    cache.get(1L);
    cache.get(1L, () -> 10);
    cache.get(1L);
    cache.clear();
    cache.get(1L);
    assertThat(facade.stats().missCount()).isEqualTo(3);
    assertThat(facade.stats().hitCount()).isEqualTo(1);
  }

  @Test
  void removalListener_hearsOfEveryEntryAfterAClear() {
    List<Object> removed = new ArrayList<>();
    TestCaches listening =
        TestCaches.of(
            Caffeine.newBuilder()
                .executor(Runnable::run)
                .removalListener(
                    (key, value, cause) -> {
                      assertThat(cause).isEqualTo(RemovalCause.EXPLICIT);
                      removed.add(value == null ? "null" : value);
                    }),
            (clock, outbox) -> Transactions.none());
    listening.cache("prices").put(1L, 10);
    listening.cache("prices").put(2L, 20);
    listening.cache("prices").clear();
    assertThat(removed).containsExactlyInAnyOrder(10, 20);
  }

  @Test
  void clear_whereNobodyHearsOfRemovals_leavesNothingToDo() {
    List<Runnable> tasks = new ArrayList<>();
    TestCaches unheard = TestCaches.create();
    unheard.cache("prices").put(1L, 10);
    unheard.executor(tasks::add);
    unheard.cache("prices").clear();
    assertThat(unheard.cache("prices").get(1L)).isNull();
    assertThat(tasks).isEmpty();
  }

  @Test
  void operationsOfTheFacade_workOnThePresentInstance() {
    cache.clear();
    facade.put(1L, 10);
    facade.putAll(java.util.Map.of(2L, 20, 3L, 30));
    assertThat(facade.getAllPresent(List.of(1L, 2L, 9L))).hasSize(2);
    assertThat(facade.get(4L, key -> 40)).isEqualTo(40);
    assertThat(facade.getAll(List.of(4L, 5L), keys -> java.util.Map.of(5L, 50))).hasSize(2);
    facade.invalidate(1L);
    facade.invalidateAll(List.of(2L));
    facade.cleanUp();
    assertThat(facade.asMap()).containsOnlyKeys(3L, 4L, 5L);
    facade.invalidateAll();
    assertThat(facade.asMap()).isEmpty();
    assertThat(facade.policy().isRecordingStats()).isTrue();
  }
}
