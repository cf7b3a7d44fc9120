package io.github.cacheinvalidation.internal.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Keys whose methods throw do not end the judge. */
class JudgeLoopKeysTest extends JudgeFixture {

  /** A key whose hash code cannot be computed any more, such as a lazy proxy. */
  private static final class BrittleKey {

    private boolean broken;

    @Override
    public int hashCode() {
      if (broken) {
        throw new IllegalStateException("no session");
      }
      return 1;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof BrittleKey;
    }
  }

  private final BrittleKey brittle = new BrittleKey();

  /** Without the database: a map would call the broken hash code. */
  @Override
  Object read(Object key) {
    return "value";
  }

  @Test
  void keyThatThrows_isCounted_andTheOtherKeysAreCompared() {
    load(brittle, "value");
    load(7L, "value");
    brittle.broken = true;

    judge.step();
    judge.step();

    assertThat(statistics()).isEqualTo(new JudgeStatistics("products", 1, 0, 1));
    assertThat(told).containsExactly("failed no session");
  }

  @Test
  void suspectedKeyThatThrows_isCounted_andIsNoMismatch() {
    load(brittle, "old");

    judge.step();
    brittle.broken = true;
    pass(BOUND);
    judge.step();

    assertThat(statistics()).isEqualTo(new JudgeStatistics("products", 0, 0, 1));
    assertThat(told).containsExactly("failed no session");
    assertThat(mismatches).isEmpty();
  }
}
