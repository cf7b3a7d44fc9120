package io.github.cacheinvalidation.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.cache.interceptor.SimpleKey;

@Tag("G1")
class SlotsTest {

  private final LogicalClock clock = new LogicalClock();

  @Test
  void raise_isSeenByEveryStampTakenBefore() {
    Slots slots = Slots.forSize(0);
    long before = clock.now();
    slots.raise("key", clock.advance());
    assertThat(slots.raisedSince("key", before)).isTrue();
  }

  @Test
  void raise_isNotSeenByStampsTakenAfter() {
    Slots slots = Slots.forSize(0);
    slots.raise("key", clock.advance());
    assertThat(slots.raisedSince("key", clock.now())).isFalse();
  }

  @Test
  void raise_ofAnEarlierTime_forgetsNothing() {
    Slots slots = Slots.forSize(0);
    slots.raise("key", 9);
    slots.raise("key", 3);
    assertThat(slots.raisedSince("key", 8)).isTrue();
  }

  @Test
  void raise_ofOneKey_leavesAnotherAlone() {
    Slots slots = Slots.forSize(0);
    slots.raise("key", clock.advance());
    assertThat(slots.raisedSince("other", 0)).isFalse();
  }

  @Test
  void anyHistory_hasNoFalseNegative() {
    Random random = new Random(7);
    Slots slots = Slots.forSize(0);
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
  void tenThousandInvalidationsASecond_refuseLessThanOnePercentOfLoadsOf50Millis() {
    Random random = new Random(11);
    assertThat(collisionRate(key -> key)).as("longs in a row").isLessThan(0.01);
    assertThat(collisionRate(key -> (int) key * 1024)).as("multiples").isLessThan(0.01);
    assertThat(collisionRate(key -> "product:" + key)).as("texts").isLessThan(0.01);
    assertThat(collisionRate(key -> new UUID(random.nextLong(), key))).as("ids").isLessThan(0.01);
    assertThat(collisionRate(key -> new SimpleKey("tenant", key))).as("pairs").isLessThan(0.01);
  }

  /** 50,000 loads, in each of which 500 other keys are invalidated. */
  private static double collisionRate(LongFunction<Object> keys) {
    Slots slots = Slots.forSize(0);
    LogicalClock time = new LogicalClock();
    Random random = new Random(3);
    Deque<Long> stamps = new ArrayDeque<>();
    int refused = 0;
    int loads = 50_000;
    for (int i = 0; i < loads + 500; i++) {
      slots.raise(keys.apply(random.nextInt(1_000_000)), time.advance());
      stamps.addLast(time.now());
      if (stamps.size() > 500) {
        long stamp = stamps.removeFirst();
        refused +=
            slots.raisedSince(keys.apply(2_000_000 + random.nextInt(1_000_000)), stamp) ? 1 : 0;
      }
    }
    return (double) refused / loads;
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "16384", "1000000000000", "9223372036854775807"})
  void forSize_takesEverySize(long size) {
    Slots slots = Slots.forSize(size);
    slots.raise("key", 1);
    assertThat(slots.raisedSince("key", 0)).isTrue();
  }
}
