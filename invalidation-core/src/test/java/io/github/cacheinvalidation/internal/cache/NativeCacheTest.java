package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import com.github.benmanes.caffeine.cache.stats.ConcurrentStatsCounter;
import com.github.benmanes.caffeine.cache.stats.StatsCounter;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
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
  void stats_countNoLoads_sinceTheyRunOutsideOfCaffeine() {
    cache.get(1L, () -> 10);
    cache.get(2L, () -> refusedBy(2L));
    cache.put(3L, 30);
    long stamp = cache.store().stamp();
    cache.store().putUnlessNewer(4L, 40, stamp);
    cache.store().putUnlessNewer(4L, 41, stamp);
    assertThat(facade.stats()).isEqualTo(CacheStats.of(0, 2, 0, 0, 0, 0, 0));
    cache.clear();
    assertThat(facade.stats()).isEqualTo(CacheStats.of(0, 2, 0, 0, 0, 0, 0));
  }

  private int refusedBy(Object key) {
    cache.evict(key);
    return 20;
  }

  @Test
  void stats_readWhileAClearReplacesAnInstance_doNotFall() throws InterruptedException {
    List<CacheStats> read = new CopyOnWriteArrayList<>();
    List<Thread> readers = new ArrayList<>();
    Queue<Runnable> whileCounted = new ArrayDeque<>();
    TestCaches counted =
        TestCaches.of(
            Caffeine.newBuilder().recordStats(() -> new HookedCounter(whileCounted)),
            (clock, outbox) -> Transactions.none());
    counted.cache("prices").get(1L);
    whileCounted.add(
        () -> {
          Thread reader =
              new Thread(() -> read.add(counted.coherent("prices").getNativeCache().stats()));
          readers.add(reader);
          reader.start();
          while (reader.getState() != Thread.State.BLOCKED && reader.isAlive()) {
            Thread.onSpinWait();
          }
        });

    counted.cache("prices").clear();

    for (Thread reader : readers) {
      reader.join();
    }
    assertThat(read).extracting(CacheStats::missCount).containsExactly(1L);
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

  /** Lets a test act while the statistics of an instance are read. */
  private static final class HookedCounter implements StatsCounter {

    private final StatsCounter counter = new ConcurrentStatsCounter();

    private final Queue<Runnable> hooks;

    HookedCounter(Queue<Runnable> hooks) {
      this.hooks = hooks;
    }

    @Override
    public void recordHits(int count) {
      counter.recordHits(count);
    }

    @Override
    public void recordMisses(int count) {
      counter.recordMisses(count);
    }

    @Override
    public void recordLoadSuccess(long loadTime) {
      counter.recordLoadSuccess(loadTime);
    }

    @Override
    public void recordLoadFailure(long loadTime) {
      counter.recordLoadFailure(loadTime);
    }

    @Override
    public void recordEviction(int weight, RemovalCause cause) {
      counter.recordEviction(weight, cause);
    }

    @Override
    public CacheStats snapshot() {
      Runnable hook = hooks.poll();
      if (hook != null) {
        hook.run();
      }
      return counter.snapshot();
    }
  }
}
