package io.github.cacheinvalidation.internal.judge;

/**
 * The settings of a judge.
 *
 * @param rate how many keys it reads from a source in a second at most, over all caches; 0 for none
 * @param evict whether it evicts a stale entry on this node
 */
public record JudgeSettings(double rate, boolean evict) {

  private static final double HIGHEST_RATE = 1000;

  public JudgeSettings {
    if (!(rate >= 0 && rate <= HIGHEST_RATE)) { // NaN is refused too
      throw new IllegalArgumentException(
          "The value must be from 0 to 1000 reads a second. Set it to a small number such as 1, or"
              + " to 0 to compare nothing");
    }
  }

  /** Returns the defaults. */
  public static JudgeSettings defaults() {
    return new JudgeSettings(1, true);
  }
}
