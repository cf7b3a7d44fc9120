package io.github.cacheinvalidation.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.fence.RecentInvalidations;
import io.github.cacheinvalidation.internal.receiver.Watermarks;
import io.github.cacheinvalidation.internal.store.CacheState;
import io.github.cacheinvalidation.internal.store.EntryStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No entry of a store is served longer than its limit after the last confirmation. */
@Tag("G4")
class StalenessBoundTest {

  private static final Duration LIMIT = Duration.ofSeconds(8);

  private static final Duration NANO = Duration.ofNanos(1);

  private final FakeTicker ticker = new FakeTicker();

  private final CoherenceWatermark watermark = new CoherenceWatermark(0);

  private final List<CacheState> retired = new ArrayList<>();

  private final List<ClearReason> clears = new ArrayList<>();

  private final EntryStore store = store(ticker, LIMIT.toNanos());

  private EntryStore store(Ticker clock, long limit) {
    return new EntryStore(
        () -> Caffeine.newBuilder().build(),
        new LogicalClock(),
        new RecentInvalidations(),
        watermark,
        clock,
        () -> limit,
        retired::add,
        clears::add);
  }

  @Test
  void lookup_upToTheLimit_isServed_andNotBeyond() {
    store.fill("key", "value", store.stamp());
    ticker.advance(LIMIT);
    assertThat(store.lookup("key")).isEqualTo("value");
    ticker.advance(NANO);
    assertThat(store.lookup("key")).isNull();
    assertThat(retired).hasSize(1);
  }

  @Test
  void putIfAbsent_beyondTheLimit_isIntoAStateThatIsRead() {
    ticker.advance(LIMIT.plus(NANO));

    assertThat(store.putIfAbsent("key", "first")).isNull();

    assertThat(store.putIfAbsent("key", "second")).isEqualTo("first");
    assertThat(store.lookup("key")).isEqualTo("first");
  }

  @Test
  void lookup_isBoundFromTheLastConfirmation() {
    store.fill("key", "value", store.stamp());
    ticker.advance(Duration.ofSeconds(5));
    Watermarks.confirm(watermark, ticker.read());
    ticker.advance(LIMIT);
    assertThat(store.lookup("key")).isEqualTo("value");
    ticker.advance(NANO);
    assertThat(store.lookup("key")).isNull();
  }

  @Test
  void lookup_isBoundFromTheClear_whereThatIsLaterThanTheConfirmation() {
    ticker.advance(Duration.ofSeconds(5));
    store.clear();
    store.fill("key", "value", store.stamp());
    ticker.advance(LIMIT);
    assertThat(store.lookup("key")).isEqualTo("value");
    ticker.advance(NANO);
    assertThat(store.lookup("key")).isNull();
  }

  @Test
  void aYoungEntry_isBoundByTheStateItIsIn() {
    ticker.advance(LIMIT);
    store.fill("key", "young", store.stamp());
    assertThat(store.lookup("key")).isEqualTo("young");
    ticker.advance(NANO);
    assertThat(store.lookup("key")).isNull();
  }

  @Tag("G4.1")
  @Test
  void cutOff_theCacheGoesOnWithThatLifetime() {
    for (int round = 0; round < 5; round++) {
      store.fill("key", round, store.stamp());
      assertThat(store.lookup("key")).isEqualTo(round);
      ticker.advance(LIMIT.plus(NANO));
      assertThat(store.lookup("key")).isNull();
    }
  }

  @Test
  void load_begunBeforeTheBoundPassed_isNotStoredAfterIt() {
    long stamp = store.stamp();
    store.fill("key", "value", stamp);
    ticker.advance(LIMIT.plus(NANO));
    assertThat(store.lookup("key")).isNull();
    store.fill("key", "as old as the other", stamp);
    assertThat(store.lookup("key")).isNull();
  }

  @Test
  void load_begunBeforeTheBoundPassed_isNoLongerFillable_evenIfNobodyLookedSince() {
    long stamp = store.stamp();
    ticker.advance(LIMIT);
    assertThat(store.isFillable("key", stamp)).isTrue();
    ticker.advance(NANO);
    assertThat(store.isFillable("key", stamp)).isFalse();
  }

  @Tag("G4.3")
  @Test
  void confirmation_afterTheBoundPassed_doesNotReviveAnUnreadEntry() {
    store.fill("key", "value", store.stamp());
    ticker.advance(LIMIT.plus(NANO));
    store.expireBeyondLimit();
    Watermarks.confirm(watermark, ticker.read());
    assertThat(store.lookup("key")).isNull();
  }

  @Tag("G4.2")
  @Test
  void aPauseBetweenReadingAndJudging_isJudgedAfterIt() {
    Deque<Long> readings = new ArrayDeque<>();
    EntryStore paused =
        store(() -> readings.isEmpty() ? 0 : readings.removeFirst(), LIMIT.toNanos());
    paused.fill("key", "value", paused.stamp());
    // the value was read at 0; the clock, read after it, is that of the end of the pause
    readings.add(LIMIT.toNanos() + 1);
    assertThat(paused.lookup("key")).isNull();
  }

  @Test
  void aConfirmationDuringThePause_countsForTheNextLookupOnly() {
    EntryStore[] paused = new EntryStore[1];
    long now = LIMIT.toNanos() + 1;
    boolean[] pausing = {false};
    paused[0] =
        store(
            () -> {
              if (!pausing[0]) {
                return 0;
              }
              Watermarks.confirm(watermark, now);
              return now;
            },
            LIMIT.toNanos());
    paused[0].fill("key", "value", paused[0].stamp());
    pausing[0] = true;
    assertThat(paused[0].lookup("key")).as("the value was read before it").isNull();
  }

  @Tag("G4.6")
  @Test
  void expireBeyondLimit_clearsOnceWithoutAnyRead() {
    store.fill("key", "value", store.stamp());
    ticker.advance(LIMIT);
    store.expireBeyondLimit();
    assertThat(retired).isEmpty();
    ticker.advance(NANO);
    store.expireBeyondLimit();
    store.expireBeyondLimit();
    assertThat(retired).hasSize(1);
  }

  @Test
  void unlimitedStore_servesForEver() {
    EntryStore local = store(ticker, CacheState.UNLIMITED);
    local.fill("key", "value", local.stamp());
    ticker.advance(Duration.ofDays(10_000));
    assertThat(local.lookup("key")).isEqualTo("value");
    local.expireBeyondLimit();
    assertThat(retired).isEmpty();
  }

  @Test
  void clockThatWrapsAround_isJudgedByDifferences() {
    long[] now = {Long.MAX_VALUE - 10};
    CoherenceWatermark late = new CoherenceWatermark(now[0]);
    EntryStore wrapping =
        new EntryStore(
            () -> Caffeine.newBuilder().build(),
            new LogicalClock(),
            new RecentInvalidations(),
            late,
            () -> now[0],
            () -> 100,
            retired::add,
            clears::add);
    wrapping.fill("key", "value", wrapping.stamp());
    now[0] += 100;
    assertThat(wrapping.lookup("key")).isEqualTo("value");
    now[0] += 1;
    assertThat(wrapping.lookup("key")).isNull();
  }

  @Tag("G4.4")
  @Test
  void suspect_isServedUpToTheLimitAfterItsLastConfirmation_whateverIsConfirmedLater() {
    store.fill("key", "value", store.stamp());
    ticker.advance(Duration.ofSeconds(1));
    store.markSuspect(watermark.nanos());
    ticker.advance(LIMIT.minusSeconds(1));
    Watermarks.confirm(watermark, ticker.read());
    assertThat(store.lookup("key")).isEqualTo("value");

    ticker.advance(NANO);

    assertThat(store.lookup("key")).isNull();
    assertThat(clears).containsExactly(ClearReason.SUSPECTED_LOSS);
  }

  @Test
  void suspect_isClearedOnceByHousekeeping_andLaterLoadsAreConfirmed() {
    store.fill("key", "value", store.stamp());
    store.markSuspect(watermark.nanos());
    store.fill("young", "loaded after the suspicion", store.stamp());
    for (int second = 0; second < 60; second++) {
      ticker.advance(Duration.ofSeconds(1));
      Watermarks.confirm(watermark, ticker.read());
      store.expireBeyondLimit();
      if (clears.size() == 1 && store.lookup("key") == null) {
        assertThat(store.lookup("young")).isNull();
        store.fill("key", "new", store.stamp());
      }
    }

    assertThat(clears).containsExactly(ClearReason.SUSPECTED_LOSS);
    assertThat(store.lookup("key")).isEqualTo("new");
  }

  @Test
  void suspectTwice_theEarlierMomentStays() {
    store.fill("key", "value", store.stamp());
    store.markSuspect(watermark.nanos());
    ticker.advance(LIMIT);
    Watermarks.confirm(watermark, ticker.read());
    store.markSuspect(watermark.nanos());
    assertThat(store.lookup("key")).isEqualTo("value");
    ticker.advance(NANO);
    assertThat(store.lookup("key")).isNull();
  }

  @Test
  void suspect_isConfirmedAgainAfterAnyClear() {
    store.markSuspect(watermark.nanos());
    store.clear();
    store.fill("key", "value", store.stamp());
    ticker.advance(LIMIT.plus(NANO));
    Watermarks.confirm(watermark, ticker.read());

    assertThat(store.lookup("key")).isEqualTo("value");
  }

  @Test
  void load_begunBeforeASuspicion_isNoLongerFillableAfterItsClear() {
    long stamp = store.stamp();
    store.markSuspect(watermark.nanos());
    ticker.advance(LIMIT);
    assertThat(store.isFillable("key", stamp)).isTrue();
    ticker.advance(NANO);
    Watermarks.confirm(watermark, ticker.read());
    assertThat(store.isFillable("key", stamp)).isFalse();
  }

  @Tag("G4.5")
  @Test
  void suspicionWhileABoundThatPassedIsAnswered_delaysNoClear() {
    EntryStore[] suspecting = new EntryStore[1];
    suspecting[0] =
        new EntryStore(
            () -> {
              if (suspecting[0] != null) { // between reading the old state and replacing it
                suspecting[0].markSuspect(watermark.nanos());
              }
              return Caffeine.newBuilder().build();
            },
            new LogicalClock(),
            new RecentInvalidations(),
            watermark,
            ticker,
            LIMIT::toNanos,
            retired::add,
            clears::add);
    long stamp = suspecting[0].stamp();
    suspecting[0].fill("key", "value", stamp);
    ticker.advance(LIMIT.plus(NANO));

    assertThat(suspecting[0].isFillable("key", stamp)).isFalse();
    assertThat(suspecting[0].putIfAbsent("key", "new")).isNull();
    assertThat(clears).hasSize(1);
  }
}
