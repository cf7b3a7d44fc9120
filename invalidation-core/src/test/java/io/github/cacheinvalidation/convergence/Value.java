package io.github.cacheinvalidation.convergence;

import java.util.Arrays;

/** A cached value: the versions that a load saw. */
final class Value {

  private final Version[] versions;

  private volatile long loadedBy;

  Value(Version... versions) {
    this.versions = versions;
  }

  Version version(int index) {
    return versions[index];
  }

  /** The loader returns now. */
  Value loaded() {
    loadedBy = System.nanoTime();
    return this;
  }

  /** Whether the loader was still at work at a moment, so that no entry can have held the value. */
  boolean wasLoadingAt(long moment) {
    long end = loadedBy;
    return end == 0 || end - moment > 0;
  }

  @Override
  public String toString() {
    return Arrays.toString(versions);
  }
}
