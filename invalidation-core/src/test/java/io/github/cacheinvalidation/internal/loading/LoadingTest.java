package io.github.cacheinvalidation.internal.loading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.internal.cache.TestCaches;
import io.github.cacheinvalidation.internal.cache.Threads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.cache.Cache;

/** One load at a time for each key, and which callers wait for it. */
@Tag("G1")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoadingTest {

  private final TestCaches caches = TestCaches.create();

  private final Cache cache = caches.cache("prices");

  private final CountDownLatch begun = new CountDownLatch(1);

  private final CountDownLatch release = new CountDownLatch(1);

  private <T> T slowly(T value) {
    begun.countDown();
    Threads.reach(release);
    return value;
  }

  @Test
  void callersOfOneKey_shareOneLoad() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    Threads<Object> leader =
        Threads.start(() -> cache.get(1L, () -> slowly(loads.incrementAndGet())));
    Threads.reach(begun);
    Threads<Object> waiter =
        Threads.<Object>start(() -> cache.get(1L, loads::incrementAndGet)).untilWaiting();
    release.countDown();
    assertThat(leader.result()).isEqualTo(1);
    assertThat(waiter.result()).isEqualTo(1);
  }

  @Test
  void callersOfAnotherKey_doNotWait() {
    Threads<Object> leader = Threads.start(() -> cache.get(1L, () -> slowly("slow")));
    Threads.reach(begun);
    assertThat(cache.get(2L, () -> "quick")).isEqualTo("quick");
    release.countDown();
    assertThat(leader).isNotNull();
  }

  @Test
  void loaderThatAsksForItsOwnKey_loadsAlone() {
    String value = cache.get(1L, () -> "outer of " + cache.get(1L, () -> "inner"));
    assertThat(value).isEqualTo("outer of inner");
  }

  @Test
  void futureLoaderThatAsksForItsOwnKey_loadsAlone() {
    CompletableFuture<String> value =
        cache.retrieve(
            1L,
            () ->
                cache
                    .retrieve(1L, () -> CompletableFuture.completedFuture("inner"))
                    .thenApply(inner -> "outer of " + inner));
    assertThat(value.join()).isEqualTo("outer of inner");
  }

  @Test
  void cycleOfTwoKeysOnOneThread_ends() {
    String value =
        cache.get(1L, () -> "1 of " + cache.get(2L, () -> "2 of " + cache.get(1L, () -> "alone")));
    assertThat(value).isEqualTo("1 of 2 of alone");
  }

  @Test
  void cycleOfTwoThreads_ends() throws Exception {
    assertCycleEnds(cache, cache);
  }

  @Tag("G1.9")
  @Test
  void cycleOfTwoThreadsOverTwoCaches_ends() throws Exception {
    assertCycleEnds(cache, caches.cache("names"));
  }

  private static void assertCycleEnds(Cache first, Cache second) throws Exception {
    CountDownLatch bothLead = new CountDownLatch(2);
    Threads<Object> one = Threads.start(() -> crossing(first, 1L, second, 2L, bothLead));
    Threads<Object> other = Threads.start(() -> crossing(second, 2L, first, 1L, bothLead));
    assertThat(one.result().toString()).startsWith("1 of ");
    assertThat(other.result().toString()).startsWith("2 of ");
  }

  private static Object crossing(
      Cache own, Long key, Cache other, Long otherKey, CountDownLatch bothLead) {
    Object value =
        own.get(
            key,
            () -> {
              bothLead.countDown();
              Threads.reach(bothLead);
              return key + " of " + other.get(otherKey, () -> "alone");
            });
    return java.util.Objects.requireNonNull(value);
  }

  @Test
  void leaderThatFails_failsAlone_andOneWaiterLeadsAgain() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    Threads<Object> leader =
        Threads.start(
            () ->
                cache.get(
                    1L,
                    () -> {
                      throw new IllegalStateException(slowly("leader's own"));
                    }));
    Threads.reach(begun);
    Threads<Object> first =
        Threads.<Object>start(() -> cache.get(1L, loads::incrementAndGet)).untilWaiting();
    Threads<Object> second =
        Threads.<Object>start(() -> cache.get(1L, loads::incrementAndGet)).untilWaiting();
    release.countDown();
    assertThatThrownBy(leader::result).rootCause().hasMessage("leader's own");
    assertThat(first.result()).isEqualTo(1);
    assertThat(second.result()).isEqualTo(1);
    assertThat(caches.observer().newCacheEvents()).containsOnly("leader failed prices");
  }

  @Test
  void everyCallerOfALoaderThatFails_getsItsOwnException() throws Exception {
    Threads<Object> leader =
        Threads.start(
            () ->
                cache.get(
                    1L,
                    () -> {
                      throw new IllegalStateException(slowly("leader's own"));
                    }));
    Threads.reach(begun);
    Threads<Object> waiter =
        Threads.<Object>start(
                () ->
                    cache.get(
                        1L,
                        () -> {
                          throw new IllegalStateException("waiter's own");
                        }))
            .untilWaiting();
    release.countDown();
    assertThatThrownBy(leader::result).rootCause().hasMessage("leader's own");
    assertThatThrownBy(waiter::result).rootCause().hasMessage("waiter's own");
  }

  @Test
  void futuresOfOneKey_shareOneLoad() {
    CompletableFuture<Object> source = new CompletableFuture<>();
    CompletableFuture<Object> leader = cache.retrieve(1L, () -> source);
    CompletableFuture<Object> joined =
        cache.retrieve(1L, () -> CompletableFuture.failedFuture(new AssertionError("not asked")));
    source.complete(10);
    assertThat(leader.join()).isEqualTo(10);
    assertThat(joined.join()).isEqualTo(10);
  }

  @Test
  void futureThatFails_failsAlone_andOneOfTheOthersLeadsAgain() {
    CompletableFuture<Object> source = new CompletableFuture<>();
    AtomicInteger loads = new AtomicInteger();
    CompletableFuture<Object> leader = cache.retrieve(1L, () -> source);
    CompletableFuture<Integer> first =
        cache.retrieve(1L, () -> CompletableFuture.completedFuture(loads.incrementAndGet()));
    CompletableFuture<Integer> second =
        cache.retrieve(1L, () -> CompletableFuture.completedFuture(loads.incrementAndGet()));
    source.completeExceptionally(new IllegalStateException("leader's own"));
    assertThatThrownBy(leader::get).rootCause().hasMessage("leader's own");
    assertThat(first.join()).isEqualTo(1);
    assertThat(second.join()).isEqualTo(1);
  }

  @Test
  void manyFuturesThatAllFail_eachFailWithTheirOwn() {
    CompletableFuture<Object> source = new CompletableFuture<>();
    CompletableFuture<Object> leader = cache.retrieve(1L, () -> source);
    CompletableFuture<?>[] others = new CompletableFuture<?>[2_000];
    for (int i = 0; i < others.length; i++) {
      String own = "own " + i;
      others[i] =
          cache.retrieve(1L, () -> CompletableFuture.failedFuture(new IllegalStateException(own)));
    }
    source.completeExceptionally(new IllegalStateException("leader's own"));
    assertThat(leader).isCompletedExceptionally();
    for (int i = 0; i < others.length; i++) {
      assertThatThrownBy(others[i]::get).rootCause().hasMessage("own " + i);
    }
  }

  @Test
  void callerThatCancelsItsFuture_cancelsNobodyElses() {
    CompletableFuture<Object> source = new CompletableFuture<>();
    CompletableFuture<Object> leader = cache.retrieve(1L, () -> source);
    CompletableFuture<Object> joined = cache.retrieve(1L, () -> source);
    assertThat(leader.cancel(true)).isTrue();
    source.complete(10);
    assertThat(joined.join()).isEqualTo(10);
    assertThat(cache.get(1L, Integer.class)).isEqualTo(10);
  }

  @Test
  void waiterThatIsInterrupted_keepsItsFlag_andTheLoadGoesOn() throws Exception {
    Threads<Object> leader = Threads.start(() -> cache.get(1L, () -> slowly("value")));
    Threads.reach(begun);
    Threads<Object> waiter =
        Threads.start(
            () -> {
              Thread.currentThread().interrupt();
              try {
                return cache.get(1L, () -> "own");
              } catch (Cache.ValueRetrievalException interrupted) {
                return Thread.currentThread().isInterrupted();
              }
            });
    assertThat(waiter.result()).isEqualTo(true);
    release.countDown();
    assertThat(leader.result()).isEqualTo("value");
  }
}
