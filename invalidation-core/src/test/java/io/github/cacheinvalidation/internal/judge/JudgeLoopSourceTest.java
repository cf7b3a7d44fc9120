package io.github.cacheinvalidation.internal.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.cache.support.NullValue;

/** What the judge reads from the source, and how it compares that. */
class JudgeLoopSourceTest extends JudgeFixture {

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
