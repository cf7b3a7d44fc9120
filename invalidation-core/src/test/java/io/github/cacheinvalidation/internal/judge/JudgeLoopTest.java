package io.github.cacheinvalidation.internal.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which entries the judge finds stale. */
class JudgeLoopTest extends JudgeFixture {

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
    store.markSuspect(nanos);
    pass(BOUND);
    judge.step();
    judge.step();

    assertThat(mismatches).isEmpty();
    assertThat(reads).containsExactly(7L);
  }
}
