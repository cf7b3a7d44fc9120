package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.loading.Loading;
import io.github.cacheinvalidation.internal.receiver.Watermarks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;

/**
 * Every cache of a node has a staleness bound of its own, from the moment it is made, and local
 * ones have none.
 */
@Tag("G4")
class StalenessBoundOfCachesTest {

  @Tag("G3.5")
  @Test
  void suspicion_clearsEachCacheWithinItsOwnBound_andLocalOnesNever() {
    TestCaches caches =
        TestCaches.of(
            name ->
                CacheSettings.ofSpec(
                    "",
                    name.equals("short") ? Duration.ofSeconds(1) : Duration.ofHours(1),
                    name.equals("local")),
            "short",
            "long",
            "local");
    List<String> names = List.of("short", "long", "local");
    names.forEach(name -> caches.cache(name).put(1L, 10));
    caches.manager().localCaches().markSuspect(caches.watermark().nanos());
    List<String> events = new ArrayList<>();
    for (int second = 1; second <= 3_600; second++) {
      caches.ticker().advance(Duration.ofSeconds(1));
      Watermarks.confirm(caches.watermark(), caches.ticker().read());
      boolean anySuspect = caches.manager().expireBeyondLimits();
      events.addAll(caches.observer().newCacheEvents());
      assertThat(anySuspect).as("a cache is suspect").isEqualTo(events.size() < 2);
      if (second == 1) {
        assertThat(events).containsExactly("cleared short SUSPECTED_LOSS");
      } else if (second == 1_799) {
        assertThat(caches.cache("long").get(1L)).isNotNull();
      }
    }

    assertThat(events)
        .containsExactly("cleared short SUSPECTED_LOSS", "cleared long SUSPECTED_LOSS");
    assertThat(caches.cache("local").get(1L)).isNotNull();
  }

  @Test
  void limit_isDrawnAnewAfterEachClear_betweenHalfTheBoundAndTheBound() {
    TestCaches caches = TestCaches.create();
    Cache cache = caches.cache("prices");
    Set<Long> lifetimes = new TreeSet<>();
    for (int round = 0; round < 40; round++) {
      cache.invalidate();
      cache.put(1L, 10);
      long begun = caches.ticker().read();
      while (cache.get(1L) != null) {
        caches.ticker().advance(Duration.ofMillis(10));
      }
      lifetimes.add((caches.ticker().read() - begun) / 1_000_000);
    }
    assertThat(lifetimes).allMatch(millis -> millis >= 5_000 && millis <= 10_010);
    assertThat(lifetimes).hasSizeGreaterThan(20);
  }

  @Test
  void aClearOfOneCache_doesNotProlongAnother() {
    TestCaches caches = TestCaches.create();
    caches.cache("prices").put(1L, 10);
    caches.cache("stocks").put(1L, 3);
    for (int second = 0; second < 11; second++) {
      caches.cache("stocks").clear();
      caches.ticker().advance(Duration.ofSeconds(1));
    }
    assertThat(caches.cache("prices").get(1L)).isNull();
  }

  /** The view is opened, the node is cut off, and the cache is made some time later. */
  @Tag("G4.12")
  @Test
  void newCache_ofACutOffNode_servesNothingOfAnOlderViewBeyondTheBound() {
    int stored = 0;
    for (int made = 0; made <= 12_000; made += 100) {
      TestCaches caches = TestCaches.create();
      caches.cache("others").evict(1L);
      long opened = caches.coherent("others").store().stamp();
      caches.ticker().advance(Duration.ofMillis(made));
      CoherentCache young = caches.coherent("young");
      Loading loading = young.loading();
      loading.store(loading.begin(1L, opened), 1L, "as the view saw it");
      stored += young.get(1L) == null ? 0 : 1;
      caches.ticker().advance(Duration.ofMillis(Math.max(0, 10_001 - made)));
      assertThat(young.get(1L)).as("made after %d ms", made).isNull();
    }
    assertThat(stored).as("within the bound").isGreaterThan(50);
  }

  @Test
  void newCache_ofANodeThatIsConfirmed_servesALoadOfAnOlderView() {
    TestCaches caches = TestCaches.create();
    caches.cache("others").evict(1L);
    long opened = caches.coherent("others").store().stamp();
    caches.ticker().advance(Duration.ofMinutes(5));
    Watermarks.confirm(caches.watermark(), caches.ticker().read());
    CoherentCache young = caches.coherent("young");
    Loading loading = young.loading();
    loading.store(loading.begin(1L, opened), 1L, "as the view saw it");
    assertThat(young.get(1L)).isNotNull();
  }

  @Test
  void newCache_ofANodeThatIsCutOffForLong_storesLaterLoads() {
    TestCaches caches = TestCaches.create();
    caches.ticker().advance(Duration.ofMinutes(5));
    assertThat(caches.cache("young").<Object>get(1L, () -> "first")).isEqualTo("first");
    assertThat(caches.cache("young").<Object>get(1L, () -> "second")).isEqualTo("first");
    assertThat(caches.observer().newCacheEvents()).isEmpty();
  }

  @Test
  void localOnlyCache_hasNoBound() {
    TestCaches caches = TestCaches.create();
    caches.cache("local").put(1L, 10);
    caches.ticker().advance(Duration.ofDays(365));
    caches.manager().expireBeyondLimits();
    assertThat(caches.cache("local").get(1L)).isNotNull();
  }

  @Test
  void boundThatALookupFoundPassed_isToldToTheObserver() {
    TestCaches caches = TestCaches.create();
    caches.cache("prices").put(1L, 10);
    caches.ticker().advance(Duration.ofSeconds(11));
    assertThat(caches.cache("prices").get(1L)).isNull();
    assertThat(caches.observer().newCacheEvents())
        .containsExactly("cleared prices STALENESS_BOUND");
  }

  @Test
  void boundThatHousekeepingFoundPassed_isToldToTheObserver() {
    TestCaches caches = TestCaches.create();
    caches.cache("prices").put(1L, 10);
    caches.ticker().advance(Duration.ofSeconds(11));
    caches.manager().expireBeyondLimits();
    assertThat(caches.observer().newCacheEvents())
        .containsExactly("cleared prices STALENESS_BOUND");
  }
}
