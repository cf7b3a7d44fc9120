package io.github.cacheinvalidation.internal.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cache.interceptor.SimpleKey;

@Tag("G1")
class RecentInvalidationsTest {

  private final LogicalClock clock = new LogicalClock();

  @Test
  void record_isSeenByEveryStampTakenBefore() {
    RecentInvalidations recent = new RecentInvalidations();
    long before = clock.now();
    recent.record("key", clock.advance());
    assertThat(recent.recordedSince("key", before)).isTrue();
  }

  @Test
  void record_isNotSeenByStampsTakenAfter() {
    RecentInvalidations recent = new RecentInvalidations();
    recent.record("key", clock.advance());
    assertThat(recent.recordedSince("key", clock.now())).isFalse();
  }

  @Test
  void record_ofAnEarlierTime_forgetsNothing() {
    RecentInvalidations recent = new RecentInvalidations();
    recent.record("key", 9);
    recent.record("key", 3);
    assertThat(recent.recordedSince("key", 8)).isTrue();
  }

  @Test
  void record_ofOneKey_leavesAnotherAlone() {
    RecentInvalidations recent = new RecentInvalidations();
    recent.record("key", clock.advance());
    assertThat(recent.recordedSince("other", 0)).isFalse();
  }

  @Test
  void anyHistory_hasNoFalseNegative() {
    Random random = new Random(7);
    RecentInvalidations recent = new RecentInvalidations();
    List<Long> latest = new ArrayList<>();
    for (long key = 0; key < 5_000; key++) {
      latest.add(0L);
    }
    for (int step = 0; step < 200_000; step++) {
      int key = random.nextInt(latest.size());
      long time = clock.advance();
      recent.record((long) key, time);
      latest.set(key, time);
    }
    for (int key = 0; key < latest.size(); key++) {
      assertThat(recent.recordedSince((long) key, latest.get(key) - 1)).isTrue();
    }
  }

  @Test
  void keysThatABucketDropped_countAsInvalidated_untilTheStampIsNewer() {
    RecentInvalidations recent = new RecentInvalidations(1, 1);
    recent.record("forgotten", 1);
    for (int key = 0; key < 8; key++) {
      recent.record(key, 2 + key);
    }
    assertThat(recent.recordedSince("forgotten", 0)).isTrue();
    assertThat(recent.recordedSince("never raised", 1)).isTrue();
    assertThat(recent.recordedSince("forgotten", 2)).isFalse();
  }

  @Test
  void keyThatIsRecordedAgain_takesNoOtherSlot() {
    RecentInvalidations recent = new RecentInvalidations(1, 1);
    for (int time = 1; time < 100; time++) {
      recent.record("key", time);
    }
    assertThat(recent.recordedSince("other", 0)).isFalse();
  }

  @Test
  void anyHistory_ofKeysThatShareABucket_hasNoFalseNegative() {
    Random random = new Random(5);
    RecentInvalidations recent = new RecentInvalidations(1, 1);
    long[] latest = new long[40];
    for (int step = 0; step < 20_000; step++) {
      int key = random.nextInt(latest.length);
      long time = clock.advance();
      recent.record((long) key, time);
      latest[key] = time;
      for (int each = 0; each < latest.length; each++) {
        assertThat(latest[each] == 0 || recent.recordedSince((long) each, latest[each] - 1))
            .isTrue();
      }
    }
  }

  @Test
  void cacheThatNobodyInvalidates_takesNoMemory() {
    RecentInvalidations recent = new RecentInvalidations();
    assertThat(recent.recordedSince("key", 0)).isFalse();
    assertThat(recent.bytes()).isZero();
  }

  @Test
  void memory_growsWithTheKeysThatWereInvalidated_upToABound() {
    RecentInvalidations recent = new RecentInvalidations();
    for (int key = 0; key < 1_000_000; key++) {
      recent.record(key, clock.advance());
      int keys = key + 1;
      assertThat(recent.bytes()).isBetween(Math.min(64L * keys, 170 << 10), 512L + 350L * keys);
      assertThat(recent.bytes()).isLessThan(171 << 10);
    }
  }

  @Test
  void memory_staysTheSame_whileTheSameKeysAreInvalidated() {
    RecentInvalidations recent = new RecentInvalidations();
    for (int round = 0; round < 10_000; round++) {
      for (int key = 0; key < 8; key++) {
        recent.record(key, clock.advance());
      }
    }
    assertThat(recent.bytes()).isLessThanOrEqualTo(4 << 10);
  }

  @Test
  void anyHistory_whileTheTableGrows_hasNoFalseNegative() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      RecentInvalidations recent = new RecentInvalidations(1, 64);
      long[] latest = new long[200];
      for (int step = 0; step < 400; step++) {
        int key = random.nextInt(latest.length);
        long time = clock.advance();
        recent.record((long) key, time);
        latest[key] = time;
        for (int each = 0; each < latest.length; each++) {
          assertThat(latest[each] == 0 || recent.recordedSince((long) each, latest[each] - 1))
              .isTrue();
        }
      }
    }
  }

  @Test
  void loadThatSpansTheGrowth_isRefusedForNothingRarely() {
    int refused = 0;
    int loads = 0;
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      RecentInvalidations recent = new RecentInvalidations();
      long stamp = clock.now();
      for (int key = 0; key < 500; key++) {
        recent.record("product:" + random.nextInt(1_000_000), clock.advance());
      }
      for (int load = 0; load < 500; load++) {
        refused += recent.recordedSince("other:" + load, stamp) ? 1 : 0;
        loads++;
      }
    }
    assertThat((double) refused / loads).isLessThan(0.001);
  }

  @Tag("G1.10")
  @Test
  void tenThousandInvalidationsASecond_refuseNoLoadsOf50MillisForNothing() {
    assertThat(worstCollisionRate(500)).isLessThan(0.000_1);
  }

  @Test
  void hundredThousandInvalidationsASecond_refuseLessThanOnePercentOfLoadsOf50Millis() {
    assertThat(worstCollisionRate(5_000)).isLessThan(0.01);
  }

  private static double worstCollisionRate(int meanwhile) {
    Random random = new Random(11);
    return Stream.<LongFunction<Object>>of(
            key -> key,
            key -> (int) key * 1024,
            key -> "product:" + key,
            key -> new UUID(random.nextLong(), key),
            key -> new SimpleKey("tenant", key))
        .mapToDouble(keys -> collisionRate(keys, meanwhile))
        .max()
        .orElseThrow();
  }

  /** 50,000 loads, in each of which so many other keys are invalidated. */
  private static double collisionRate(LongFunction<Object> keys, int meanwhile) {
    RecentInvalidations recent = new RecentInvalidations();
    LogicalClock time = new LogicalClock();
    Random random = new Random(3);
    Deque<Long> stamps = new ArrayDeque<>();
    int refused = 0;
    int loads = 50_000;
    for (int i = 0; i < loads + meanwhile; i++) {
      recent.record(keys.apply(random.nextInt(1_000_000)), time.advance());
      stamps.addLast(time.now());
      if (stamps.size() > meanwhile) {
        long stamp = stamps.removeFirst();
        refused +=
            recent.recordedSince(keys.apply(2_000_000 + random.nextInt(1_000_000)), stamp) ? 1 : 0;
      }
    }
    return (double) refused / loads;
  }
}
