package io.github.cacheinvalidation.testing;

/** A fault that holds for a number of times. */
final class Countdown {

  /** So many that it never ends by itself. */
  static final int ENDLESS = Integer.MAX_VALUE;

  private int left;

  synchronized void set(int count) {
    left = count;
  }

  /** Returns whether the fault strikes now, and counts it. */
  synchronized boolean next() {
    if (left == 0) {
      return false;
    }
    if (left != ENDLESS) {
      left--;
    }
    return true;
  }
}
