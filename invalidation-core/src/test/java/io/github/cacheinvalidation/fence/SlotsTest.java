package io.github.cacheinvalidation.fence;

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
class SlotsTest {

  private final LogicalClock clock = new LogicalClock();

  @Test
  void raise_isSeenByEveryStampTakenBefore() {
    Slots slots = new Slots();
    long before = clock.now();
    slots.raise("key", clock.advance());
    assertThat(slots.raisedSince("key", before)).isTrue();
  }

  @Test
  void raise_isNotSeenByStampsTakenAfter() {
    Slots slots = new Slots();
    slots.raise("key", clock.advance());
    assertThat(slots.raisedSince("key", clock.now())).isFalse();
  }

  @Test
  void raise_ofAnEarlierTime_forgetsNothing() {
    Slots slots = new Slots();
    slots.raise("key", 9);
    slots.raise("key", 3);
    assertThat(slots.raisedSince("key", 8)).isTrue();
  }

  @Test
  void raise_ofOneKey_leavesAnotherAlone() {
    Slots slots = new Slots();
    slots.raise("key", clock.advance());
    assertThat(slots.raisedSince("other", 0)).isFalse();
  }

  @Test
  void anyHistory_hasNoFalseNegative() {
    Random random = new Random(7);
    Slots slots = new Slots();
    List<Long> latest = new ArrayList<>();
    for (long key = 0; key < 5_000; key++) {
      latest.add(0L);
    }
    for (int step = 0; step < 200_000; step++) {
      int key = random.nextInt(latest.size());
      long time = clock.advance();
      slots.raise((long) key, time);
      latest.set(key, time);
    }
    for (int key = 0; key < latest.size(); key++) {
      assertThat(slots.raisedSince((long) key, latest.get(key) - 1)).isTrue();
    }
  }

  @Test
  void whatABucketHasForgotten_countsAsRaised_untilItIsOlderThanAllThatItRemembers() {
    Slots slots = new Slots(1, 1);
    slots.raise("forgotten", 1);
    for (int key = 0; key < 8; key++) {
      slots.raise(key, 2 + key);
    }
    assertThat(slots.raisedSince("forgotten", 0)).isTrue();
    assertThat(slots.raisedSince("never raised", 1)).isTrue();
    assertThat(slots.raisedSince("forgotten", 2)).isFalse();
  }

  @Test
  void keyThatIsRaisedAgain_takesNoOtherSlot() {
    Slots slots = new Slots(1, 1);
    for (int time = 1; time < 100; time++) {
      slots.raise("key", time);
    }
    assertThat(slots.raisedSince("other", 0)).isFalse();
  }

  @Test
  void anyHistory_ofKeysThatShareABucket_hasNoFalseNegative() {
    Random random = new Random(5);
    Slots slots = new Slots(1, 1);
    long[] latest = new long[40];
    for (int step = 0; step < 20_000; step++) {
      int key = random.nextInt(latest.length);
      long time = clock.advance();
      slots.raise((long) key, time);
      latest[key] = time;
      for (int each = 0; each < latest.length; each++) {
        assertThat(latest[each] == 0 || slots.raisedSince((long) each, latest[each] - 1)).isTrue();
      }
    }
  }

  @Test
  void cacheThatNobodyInvalidates_takesNoMemory() {
    Slots slots = new Slots();
    assertThat(slots.raisedSince("key", 0)).isFalse();
    assertThat(slots.bytes()).isZero();
  }

  @Test
  void memory_growsWithTheKeysThatWereInvalidated_upToABound() {
    Slots slots = new Slots();
    for (int key = 0; key < 1_000_000; key++) {
      slots.raise(key, clock.advance());
      int keys = key + 1;
      assertThat(slots.bytes()).isBetween(Math.min(64L * keys, 170 << 10), 512L + 350L * keys);
      assertThat(slots.bytes()).isLessThan(171 << 10);
    }
  }

  @Test
  void memory_staysTheSame_whileTheSameKeysAreInvalidated() {
    Slots slots = new Slots();
    for (int round = 0; round < 10_000; round++) {
      for (int key = 0; key < 8; key++) {
        slots.raise(key, clock.advance());
      }
    }
    assertThat(slots.bytes()).isLessThanOrEqualTo(4 << 10);
  }

  @Test
  void anyHistory_whileTheTableGrows_hasNoFalseNegative() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      Slots slots = new Slots(1, 64);
      long[] latest = new long[200];
      for (int step = 0; step < 400; step++) {
        int key = random.nextInt(latest.length);
        long time = clock.advance();
        slots.raise((long) key, time);
        latest[key] = time;
        for (int each = 0; each < latest.length; each++) {
          assertThat(latest[each] == 0 || slots.raisedSince((long) each, latest[each] - 1))
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
      Slots slots = new Slots();
      long stamp = clock.now();
      for (int key = 0; key < 500; key++) {
        slots.raise("product:" + random.nextInt(1_000_000), clock.advance());
      }
      for (int load = 0; load < 500; load++) {
        refused += slots.raisedSince("other:" + load, stamp) ? 1 : 0;
        loads++;
      }
    }
    assertThat((double) refused / loads).isLessThan(0.001);
  }

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
    Slots slots = new Slots();
    LogicalClock time = new LogicalClock();
    Random random = new Random(3);
    Deque<Long> stamps = new ArrayDeque<>();
    int refused = 0;
    int loads = 50_000;
    for (int i = 0; i < loads + meanwhile; i++) {
      slots.raise(keys.apply(random.nextInt(1_000_000)), time.advance());
      stamps.addLast(time.now());
      if (stamps.size() > meanwhile) {
        long stamp = stamps.removeFirst();
        refused +=
            slots.raisedSince(keys.apply(2_000_000 + random.nextInt(1_000_000)), stamp) ? 1 : 0;
      }
    }
    return (double) refused / loads;
  }
}
