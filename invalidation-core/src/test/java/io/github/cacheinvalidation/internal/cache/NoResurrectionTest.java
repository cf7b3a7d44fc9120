package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.Invalidation;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.Cache;

/** Events between the beginning and the end of a load. */
@Tag("G1")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NoResurrectionTest {

  private final TestCaches caches = TestCaches.create();

  private final CoherentCache cache = caches.coherent("prices");

  private final CountDownLatch begun = new CountDownLatch(1);

  private final CountDownLatch release = new CountDownLatch(1);

  static Stream<Named<Consumer<TestCaches>>> invalidations() {
    return Stream.of(
        Named.of("evict", caches -> caches.cache("prices").evict(1L)),
        Named.of("evictIfPresent", caches -> caches.cache("prices").evictIfPresent(1L)),
        Named.of("clear", caches -> caches.cache("prices").clear()),
        Named.of("invalidate", caches -> caches.cache("prices").invalidate()),
        Named.of("message of a node", caches -> caches.receiveEviction("prices", 1L)),
        Named.of("message from outside", caches -> caches.receive("{\"key\":\"prices:1\"}")),
        Named.of("message: whole", caches -> caches.receive(new Invalidation.Whole<>("prices"))),
        Named.of("message: newer", caches -> caches.receive(new Invalidation.Newer<>("prices"))),
        Named.of("message: everything", caches -> caches.receive(new Invalidation.Everything<>())));
  }

  @Tag("G1.1")
  @Tag("G1.2")
  @ParameterizedTest
  @MethodSource("invalidations")
  void blockingLoad_delaysNoInvalidation_andIsNotStored(Consumer<TestCaches> invalidation)
      throws Exception {
    Threads<Object> load = Threads.start(() -> cache.get(1L, () -> slowly("old")));
    Threads.reach(begun);
    invalidation.accept(caches);
    assertThat(cache.get(1L)).isNull();
    assertThat(cache.get(1L, () -> "new")).as("not from the old flight").isEqualTo("new");
    release.countDown();
    assertThat(load.result()).isEqualTo("old");
    assertThat(cache.get(1L, String.class)).isEqualTo("new");
  }

  @ParameterizedTest
  @MethodSource("invalidations")
  void blockingLoad_isNotStored_whereNobodyLoadsSince(Consumer<TestCaches> invalidation)
      throws Exception {
    Threads<Object> load = Threads.start(() -> cache.get(1L, () -> slowly("old")));
    Threads.reach(begun);
    invalidation.accept(caches);
    release.countDown();
    assertThat(load.result()).isEqualTo("old");
    assertThat(cache.get(1L)).isNull();
  }

  @Tag("G1.1")
  @ParameterizedTest
  @MethodSource("invalidations")
  void future_delaysNoInvalidation_andIsNotStored(Consumer<TestCaches> invalidation) {
    CompletableFuture<String> source = new CompletableFuture<>();
    CompletableFuture<String> load = cache.retrieve(1L, () -> source);
    invalidation.accept(caches);
    assertThat(cache.retrieve(1L)).isNull();
    CompletableFuture<String> after =
        cache.retrieve(1L, () -> CompletableFuture.completedFuture("new"));
    assertThat(after).isCompletedWithValue("new");
    source.complete("old");
    assertThat(load).isCompletedWithValue("old");
    assertThat(cache.get(1L, String.class)).isEqualTo("new");
  }

  @Tag("G1.1")
  @ParameterizedTest
  @MethodSource("invalidations")
  void resultOfCacheable_isNotStored(Consumer<TestCaches> invalidation) {
    Cache view = new LoadingView(cache);
    assertThat(view.get(1L)).isNull();
    invalidation.accept(caches);
    view.put(1L, "old");
    assertThat(cache.get(1L)).isNull();
  }

  @ParameterizedTest
  @MethodSource("invalidations")
  void resultOfCacheableFuture_isNotStored(Consumer<TestCaches> invalidation) {
    Cache view = new LoadingView(cache);
    assertThat(view.retrieve(1L)).isNull();
    invalidation.accept(caches);
    view.put(1L, "old");
    assertThat(cache.get(1L)).isNull();
  }

  @Tag("G1.6")
  @ParameterizedTest
  @MethodSource("invalidations")
  void resultOfCachePut_evictsInsteadOfStoring(Consumer<TestCaches> invalidation) {
    Cache view = new WritingView(cache);
    invalidation.accept(caches);
    cache.get(1L, () -> "loaded since");
    caches.published();
    view.put(1L, "which is newer?");
    assertThat(cache.get(1L)).isNull();
    assertThat(caches.published()).containsExactly("{\"prices\":[1]}");
  }

  @Tag("G1.5")
  @Test
  void twoCachePuts_ofWhichTheOlderEndsLast_leaveNothingOld() {
    Cache older = new WritingView(cache);
    Cache newer = new WritingView(cache);
    newer.put(1L, "newer");
    older.put(1L, "older");
    assertThat(cache.get(1L)).isNull();
  }

  @Test
  void twoCachePuts_ofWhichTheNewerEndsLast_leaveNothingOld() {
    Cache older = new WritingView(cache);
    Cache newer = new WritingView(cache);
    older.put(1L, "older");
    newer.put(1L, "newer");
    assertThat(cache.get(1L)).isNull();
  }

  @Test
  void cachePut_keepsAnEarlierLoadOut() {
    Cache reading = new LoadingView(cache);
    assertThat(reading.get(1L)).isNull();
    new WritingView(cache).put(1L, "written");
    reading.put(1L, "read before");
    assertThat(cache.get(1L, String.class)).isEqualTo("written");
  }

  @Test
  void putByHand_keepsAnEarlierLoadOut() {
    Cache reading = new LoadingView(cache);
    assertThat(reading.get(1L)).isNull();
    cache.put(1L, "written");
    reading.put(1L, "read before");
    assertThat(cache.get(1L, String.class)).isEqualTo("written");
  }

  @Test
  void cacheableWithoutLookup_countsFromItsInvocation() {
    Cache view = new LoadingView(cache);
    cache.evict(1L);
    view.put(1L, "old");
    assertThat(cache.get(1L)).isNull();
  }

  @Tag("G1.8")
  @Test
  void cacheableAfterAnEvictionBeforeInvocation_isStored() {
    Cache view = new LoadingView(cache);
    cache.evictIfPresent(1L);
    assertThat(view.get(1L)).isNull();
    view.put(1L, "new");
    assertThat(cache.get(1L, String.class)).isEqualTo("new");
  }

  @Tag("G1.7")
  @Test
  void firstLoadOfAType_whileItIsBeingEvicted_isNotStored() throws Exception {
    Threads<Object> load = Threads.start(() -> cache.get(1L, () -> slowly("old")));
    Threads.reach(begun);
    assertThat(cache.types().usesStrings()).isFalse();
    caches.receiveEviction("prices", 1);
    release.countDown();
    assertThat(load.result()).isEqualTo("old");
    assertThat(cache.get(1L)).as("an int on the wire is the long used here").isNull();
  }

  @Test
  void resultOfCachePut_thatIsTheFirstOfItsType_evictsIfAMessageCameSince() {
    Cache view = new WritingView(cache);
    caches.receiveEviction("prices", 1L);
    view.put(1L, "which is newer?");
    assertThat(cache.get(1L)).isNull();
  }

  /** Spring computes the key again after the method, which may have changed the key's parts. */
  @Test
  void resultOfCacheable_underAKeyOfAnotherType_isKnownToMessages() {
    Cache view = new LoadingView(cache);
    assertThat(view.get(1L)).isNull();
    view.put("text", "value");
    caches.receiveEviction("prices", "text");
    assertThat(cache.get("text")).isNull();
  }

  @Test
  void resultOfCacheable_underAKeyOfATypeThatIsNew_isNotStoredIfAMessageCameSince() {
    Cache view = new LoadingView(cache);
    assertThat(view.get(1L)).isNull();
    caches.receiveEviction("prices", "text");
    view.put("text", "old");
    assertThat(cache.get("text")).isNull();
  }

  @Tag("G1.4")
  @Test
  void waitersOfAnOldFlight_areThoseThatCalledBeforeTheEviction() throws Exception {
    Threads<Object> leader = Threads.start(() -> cache.get(1L, () -> slowly("old")));
    Threads.reach(begun);
    Threads<Object> before =
        Threads.<Object>start(() -> cache.get(1L, () -> "not asked")).untilWaiting();
    cache.evict(1L);
    CountDownLatch secondBegun = new CountDownLatch(1);
    CountDownLatch secondRelease = new CountDownLatch(1);
    Threads<Object> second =
        Threads.start(
            () ->
                cache.get(
                    1L,
                    () -> {
                      secondBegun.countDown();
                      Threads.reach(secondRelease);
                      return "new";
                    }));
    Threads.reach(secondBegun);
    Threads<Object> after =
        Threads.<Object>start(() -> cache.get(1L, () -> "not asked")).untilWaiting();
    release.countDown();
    assertThat(leader.result()).isEqualTo("old");
    assertThat(before.result()).isEqualTo("old");
    secondRelease.countDown();
    assertThat(second.result()).isEqualTo("new");
    assertThat(after.result()).isEqualTo("new");
    assertThat(cache.get(1L, String.class)).isEqualTo("new");
  }

  @Test
  void waiterOfAFailedOldFlight_loadsAnew_afterAnEviction() throws Exception {
    Callable<String> failing =
        () -> {
          throw new IllegalStateException(slowly("leader's own"));
        };
    Threads<Object> leader = Threads.start(() -> cache.get(1L, failing));
    Threads.reach(begun);
    Threads<Object> waiter = Threads.<Object>start(() -> cache.get(1L, () -> "new")).untilWaiting();
    cache.evict(1L);
    release.countDown();
    assertThat(waiter.result()).isEqualTo("new");
    assertThat(Objects.requireNonNull(cache.get(1L)).get()).isEqualTo("new");
    assertThat(leader).isNotNull();
  }

  private <T> T slowly(T value) {
    begun.countDown();
    Threads.reach(release);
    return value;
  }
}
