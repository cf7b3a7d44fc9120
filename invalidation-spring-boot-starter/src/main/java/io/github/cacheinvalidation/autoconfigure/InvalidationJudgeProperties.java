package io.github.cacheinvalidation.autoconfigure;

/** Settings of the judge, which compares cached values with their source of truth. */
public class InvalidationJudgeProperties {

  /**
   * How many keys a node reads from its SourceOfTruth beans in a second at most, over all its
   * caches. 0 compares nothing.
   */
  private double rate = 1.0;

  /** Whether an entry that was found stale is evicted on this node. */
  private boolean evict = true;

  public double getRate() {
    return rate;
  }

  public void setRate(double rate) {
    this.rate = rate;
  }

  public boolean isEvict() {
    return evict;
  }

  public void setEvict(boolean evict) {
    this.evict = evict;
  }
}
