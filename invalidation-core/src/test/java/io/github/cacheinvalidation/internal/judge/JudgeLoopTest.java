package io.github.cacheinvalidation.internal.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.cacheinvalidation.SourceOfTruth;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.fence.RecentInvalidations;
import io.github.cacheinvalidation.internal.store.EntryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.cache.support.NullValue;

/** Which entries the judge finds stale. All clocks are those of the test. */
class JudgeLoopTest {

  private static final Duration BOUND = Duration.ofSeconds(10);

  private final CoherenceWatermark watermark = new CoherenceWatermark(0);

  private long nanos;

  private boolean coherent = true;

  private final EntryStore store =
      new EntryStore(
          () -> Caffeine.newBuilder().recordStats().expireAfterWrite(Duration.ofHours(1)).build(),
          new LogicalClock(),
          new RecentInvalidations(),
          watermark,
          () -> nanos,
          BOUND::toNanos,
          retired -> {},
          reason -> {});

  /** What the source returns. */
  private final Map<Object, @Nullable Object> database = new HashMap<>();

  private final List<Object> reads = new ArrayList<>();

  /** Runs once, during the next read of the source. */
  private Runnable meanwhile = () -> {};

  private final List<String> told = new ArrayList<>();

  private final List<JudgeListener.Mismatch> mismatches = new ArrayList<>();

  private final JudgeCounters counters = new JudgeCounters();

  private final SourceOfTruth source =
      new SourceOfTruth() {
        @Override
        public String cache() {
          return "products";
        }

        @Override
        public @Nullable Object read(Object key) throws Exception {
          reads.add(key);
          Runnable now = meanwhile;
          meanwhile = () -> {};
          now.run();
          Object value = database.get(key);
          if (value instanceof Exception failure) {
            throw failure;
          }
          return value == UnequalValue.class ? new UnequalValue() : value;
        }
      };

  /** A value of a class without equals. */
  private static final class UnequalValue {}

  private JudgeLoop judge = judge(true);

  private JudgeLoop judge(boolean evict) {
    return new JudgeLoop(
        List.of(source),
        cache -> counters,
        cache -> new JudgedCache(store, BOUND, watermark),
        () -> nanos,
        new Random(1),
        () -> coherent,
        evict,
        new JudgeListener() {
          @Override
          public void mismatch(Mismatch mismatch) {
            mismatches.add(mismatch);
          }

          @Override
          public void failed(String cache, Throwable cause) {
            told.add("failed " + cause.getMessage());
          }

          @Override
          public void incomparable(String cache, Class<?> type) {
            told.add("incomparable " + type.getSimpleName());
          }
        });
  }

  /** Lets time pass on a node that is confirmed all the time. */
  private void pass(Duration time) {
    nanos += time.toNanos();
    watermark.confirm(nanos);
  }

  private void load(Object key, Object value) {
    store.fill(key, value, store.stamp());
  }

  private JudgeStatistics statistics() {
    return counters.of("products");
  }

  @Test
  void equalEntry_isCheckedOnce_andAccusesNobody() {
    load(7L, "now");
    database.put(7L, "now");

    judge.step();

    assertThat(statistics()).isEqualTo(new JudgeStatistics("products", 1, 0, 0));
    assertThat(statistics().consistency()).isEqualTo(1);
  }

  @Test
  void staleEntry_isFoundWhenTheNodeIsConfirmedForTheBound_andEvicted() {
    load(7L, "old");
    database.put(7L, "new");

    judge.step();
    pass(BOUND.minusNanos(1));
    judge.step();
    assertThat(mismatches).isEmpty();
    assertThat(statistics().checked()).isZero();
    pass(Duration.ofNanos(1));
    judge.step();

    assertThat(mismatches).hasSize(1);
    JudgeListener.Mismatch found = mismatches.get(0);
    assertThat(found.cache()).isEqualTo("products");
    assertThat(found.key()).isEqualTo(7L);
    assertThat(found.differed()).isEqualTo(BOUND);
    assertThat(found.age()).isNotNull();
    assertThat(found.evicted()).isTrue();
    assertThat(store.holds(7L)).isFalse();
    assertThat(statistics()).isEqualTo(new JudgeStatistics("products", 1, 1, 0));
    assertThat(statistics().consistency()).isZero();
  }

  @Test
  void staleEntry_withoutEviction_staysAndIsFoundAgain() {
    judge = judge(false);
    load(7L, "old");
    database.put(7L, "new");

    for (int round = 0; round < 2; round++) {
      judge.step();
      pass(BOUND);
      judge.step();
    }

    assertThat(mismatches).hasSize(2).noneMatch(JudgeListener.Mismatch::evicted);
    assertThat(store.holds(7L)).isTrue();
  }

  @Test
  void clockAlone_findsNothing_becauseTheNodeMayNotHaveSeenTheMessage() {
    load(7L, "old");
    database.put(7L, "new");

    judge.step();
    nanos += BOUND.toNanos(); // the watermark stays
    judge.step();

    assertThat(mismatches).isEmpty();
  }

  @Test
  void entryBeyondItsBound_isClearedAndNoMismatch() {
    load(7L, "old");
    database.put(7L, "new");

    judge.step();
    nanos += 3 * BOUND.toNanos();
    watermark.confirm(2 * BOUND.toNanos() - 1); // long ago, but a bound after the first look
    judge.step();

    assertThat(mismatches).isEmpty();
    assertThat(store.entries().estimatedSize()).isZero();
  }

  @Test
  void writeWhoseInvalidationArrives_isNoMismatch() {
    load(7L, "old");
    database.put(7L, "new");

    judge.step();
    store.evict(7L);
    load(7L, "new");
    database.put(7L, "newest"); // the next write is under way already
    pass(BOUND);
    judge.step();

    assertThat(mismatches).isEmpty();
    assertThat(statistics()).isEqualTo(new JudgeStatistics("products", 1, 0, 0));
  }

  @Test
  void loadThatReturnsTheSameObjectAgain_isNoMismatch() {
    load(7L, true);
    database.put(7L, false);

    judge.step();
    store.evict(7L);
    load(7L, true); // another write made it true, and the next is under way already
    pass(BOUND);
    judge.step();

    assertThat(mismatches).isEmpty();
  }

  @Test
  void entryThatIsReplacedWithoutAnInvalidation_isNoMismatch() {
    load(7L, "old");
    database.put(7L, "new");

    judge.step();
    store.entries().invalidate(7L); // as when it expires
    load(7L, "new");
    database.put(7L, "newest"); // its write is under way
    pass(BOUND);
    judge.step();

    assertThat(mismatches).isEmpty();
    assertThat(store.holds(7L)).isTrue();
  }

  @Test
  void clearMeanwhile_isNoMismatch() {
    load(7L, true);
    database.put(7L, false);

    judge.step();
    store.clear();
    load(7L, true);
    pass(BOUND);
    judge.step();

    assertThat(mismatches).isEmpty();
  }

  @Test
  void invalidationDuringTheRead_isNotCounted() {
    load(7L, "old");
    database.put(7L, "old");
    meanwhile = () -> store.evict(7L);

    judge.step();

    assertThat(statistics()).isEqualTo(new JudgeStatistics("products", 0, 0, 0));
  }

  @Test
  void invalidationDuringTheLastRead_isNoMismatch() {
    load(7L, "old");
    database.put(7L, "new");

    judge.step();
    pass(BOUND);
    meanwhile = () -> store.evict(7L);
    judge.step();

    assertThat(mismatches).isEmpty();
  }

  @Test
  void sourceThatReturnsToTheCachedValue_isNoMismatch() {
    load(7L, "value");
    database.put(7L, "uncommitted");

    judge.step();
    database.put(7L, "value");
    pass(BOUND);
    judge.step();

    assertThat(mismatches).isEmpty();
    assertThat(statistics().checked()).isEqualTo(1);
  }

  @Test
  void suspectCache_isNotJudged() {
    load(7L, "old");
    database.put(7L, "new");

    judge.step();
    store.distrust(nanos);
    pass(BOUND);
    judge.step();
    judge.step();

    assertThat(mismatches).isEmpty();
    assertThat(reads).containsExactly(7L);
  }

  @Test
  void nodeThatIsNotCoherent_doesNotReadTheSource() {
    load(7L, "old");
    coherent = false;

    judge.step();

    assertThat(reads).isEmpty();
  }

  @Test
  void sourceThatThrows_isCounted_andIsNoMismatch() {
    load(7L, "value");
    database.put(7L, new IllegalStateException("down"));

    judge.step();

    assertThat(statistics()).isEqualTo(new JudgeStatistics("products", 0, 0, 1));
    assertThat(statistics().consistency()).isNaN();
    assertThat(told).containsExactly("failed down");
  }

  @Test
  void valuesWithoutEquals_areCountedAsFailure_andAreNoMismatch() {
    load(7L, new UnequalValue());
    database.put(7L, UnequalValue.class);

    judge.step();
    pass(BOUND);
    judge.step();

    assertThat(mismatches).isEmpty();
    assertThat(statistics()).isEqualTo(new JudgeStatistics("products", 0, 0, 1));
    assertThat(told).containsExactly("incomparable UnequalValue");
  }

  @Test
  void nullAndOptionalAndArrays_areComparedByTheirContent() {
    load(1L, NullValue.INSTANCE);
    load(2L, "value");
    load(3L, new int[] {1, 2});
    database.put(1L, null);
    database.put(2L, Optional.of("value"));
    database.put(3L, new int[] {1, 2});

    for (int step = 0; step < 3; step++) {
      judge.step();
    }

    assertThat(statistics()).isEqualTo(new JudgeStatistics("products", 3, 0, 0));
  }

  @Test
  void look_isNoAccess() {
    load(7L, "value");
    database.put(7L, "value");

    judge.step();

    assertThat(store.stats().requestCount()).isZero();
  }

  @Test
  void smallCache_isLookedAtCompletelyBeforeAnyKeyComesAgain() {
    List<Integer> keys = IntStream.range(0, 64).boxed().toList();
    keys.forEach(key -> load(key, key));
    keys.forEach(key -> database.put(key, key));

    keys.forEach(key -> judge.step());

    assertThat(reads).containsExactlyInAnyOrderElementsOf(keys);
    assertThat(reads).as("at random").isNotEqualTo(keys);
  }

  @Test
  void largeCache_hasEveryKeyLookedAtAfterSomeTime() {
    List<Integer> keys = IntStream.range(0, 200).boxed().toList();
    keys.forEach(key -> load(key, key));
    keys.forEach(key -> database.put(key, key));

    for (int step = 0; step < 10_000; step++) {
      judge.step();
    }

    assertThat(reads).contains(keys.toArray());
  }
}
