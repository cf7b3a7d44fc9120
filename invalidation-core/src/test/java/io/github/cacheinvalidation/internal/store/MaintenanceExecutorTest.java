package io.github.cacheinvalidation.internal.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.cacheinvalidation.internal.cache.CacheSettings;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.fence.RecentInvalidations;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Which thread runs the maintenance of a Caffeine cache, and when. */
class MaintenanceExecutorTest {

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // and overflows soon

  private final MaintenanceExecutor executor = new MaintenanceExecutor(nanos::get);

  private final List<String> done = new CopyOnWriteArrayList<>();

  /** Caffeine hands its listener's calls to the executor as it does its maintenance. */
  private final Cache<Object, Object> entries =
      Caffeine.newBuilder()
          .executor(executor)
          .removalListener(
              (key, value, cause) ->
                  done.add(
                      Thread.currentThread().getName()
                          + " with "
                          + this.entries.asMap().size()
                          + " left"))
          .build();

  private boolean runsInPool() throws Exception {
    CompletableFuture<Boolean> inPool = new CompletableFuture<>();
    executor.execute(() -> inPool.complete(ForkJoinTask.getPool() == ForkJoinPool.commonPool()));
    return inPool.get(10, TimeUnit.SECONDS);
  }

  /** The same for the maintenance of a store. */
  private boolean runsInPoolAfterAStore() {
    return (boolean)
        requireNonNull(
            MaintenanceExecutor.store(
                () -> {
                  try {
                    return runsInPool();
                  } catch (Exception failure) {
                    throw new IllegalStateException(failure);
                  }
                }));
  }

  @Test
  void maintenanceOfARead_runsInTheCommonPool() throws Exception {
    assertThat(runsInPool()).isTrue();
    assertThat(runsInPool()).isTrue();
    runsInPoolAfterAStore();
    assertThat(runsInPool()).isTrue();
  }

  @Test
  void maintenanceOfTheFirstStore_runsInTheCommonPool() {
    assertThat(runsInPoolAfterAStore()).isTrue();
  }

  @Test
  void maintenanceOfAStoreSoonAfterAnother_runsOnTheStoringThread() {
    assertThat(runsInPoolAfterAStore()).isTrue();
    for (int i = 0; i < 10; i++) {
      nanos.addAndGet(999_999);
      assertThat(runsInPoolAfterAStore()).isFalse();
    }
  }

  @Test
  void maintenanceOfAStoreAfterAPause_runsInTheCommonPool() {
    assertThat(runsInPoolAfterAStore()).isTrue();
    nanos.addAndGet(1_000_000);
    assertThat(runsInPoolAfterAStore()).isTrue();
  }

  @Test
  void inABatch_isDoneByItsThreadWhenItIsThrough() {
    Thread own = Thread.currentThread();
    MaintenanceExecutor.runBatch(
        () -> {
          executor.execute(() -> done.add("maintenance " + (Thread.currentThread() == own)));
          done.add("batch");
        });
    assertThat(done).containsExactly("batch", "maintenance true");
  }

  @Test
  void afterABatch_nothingIsHeldBackAnyMore() throws Exception {
    MaintenanceExecutor.runBatch(() -> done.add("batch"));
    assertThat(runsInPool()).isTrue();
  }

  @Test
  void batchThatThrows_isFollowedByItsMaintenanceAllTheSame() {
    Throwable thrown =
        catchThrowable(
            () ->
                MaintenanceExecutor.runBatch(
                    () -> {
                      executor.execute(() -> done.add("maintenance"));
                      throw new IllegalStateException("a key's equals");
                    }));
    assertThat(thrown).hasMessage("a key's equals");
    assertThat(done).containsExactly("maintenance");
  }

  @Test
  void maintenanceThatThrows_keepsNeitherTheBatchNorOtherMaintenanceFromEnding() {
    MaintenanceExecutor.runBatch(
        () -> {
          executor.execute(
              () -> {
                throw new IllegalStateException("broken");
              });
          executor.execute(() -> done.add("another"));
        });
    assertThat(done).containsExactly("another");
  }

  private EntryStore store() {
    return new EntryStore(
        () -> entries,
        new LogicalClock(),
        new RecentInvalidations(),
        new CoherenceWatermark(0),
        () -> 0,
        () -> CacheState.UNLIMITED,
        retired -> {},
        reason -> {});
  }

  /** Each replaces the value stored before; the executor notifies the listener. */
  @Test
  void maintenanceOfFillsAndPutsInQuickSuccession_runsOnTheStoringThread() {
    runsInPoolAfterAStore();
    EntryStore store = store();
    store.fill(1, "first", store.stamp());
    store.fill(1, "second", store.stamp());
    store.putUnlessNewer(1, "third", store.stamp());
    store.put(1, "fourth");

    String told = Thread.currentThread().getName() + " with 1 left";
    assertThat(done).containsExactly(told, told, told);
  }

  @Test
  void keysThatAreRemovedTogether_areOneBatch() {
    EntryStore store = store();
    List<Object> keys = List.of(1, 2, 3);
    keys.forEach(key -> store.fill(key, "value", store.stamp()));

    store.evictAll(keys, store.hear());

    String told = Thread.currentThread().getName() + " with 0 left";
    assertThat(done).containsExactly(told, told, told);
  }

  @Test
  void cacheFromASpecification_isMaintainedSo() {
    CacheSettings settings = CacheSettings.ofSpec("maximumSize=7", Duration.ofSeconds(1), false);
    assertThatIllegalStateException()
        .isThrownBy(() -> settings.builder().get().executor(Runnable::run))
        .withMessageContaining("MaintenanceExecutor");
  }
}
