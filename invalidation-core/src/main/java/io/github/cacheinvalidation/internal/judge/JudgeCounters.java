package io.github.cacheinvalidation.internal.judge;

import java.util.concurrent.atomic.LongAdder;

/** Counts what a judge finds in one cache. Safe for use by any thread. */
final class JudgeCounters {

  private final LongAdder checked = new LongAdder();

  private final LongAdder mismatches = new LongAdder();

  private final LongAdder failures = new LongAdder();

  void checked() {
    checked.increment();
  }

  void mismatch() {
    mismatches.increment();
  }

  void failed() {
    failures.increment();
  }

  /** Mismatches are read first, so that they are never more than the entries. */
  JudgeStatistics of(String cache) {
    long stale = mismatches.sum();
    return new JudgeStatistics(cache, checked.sum(), stale, failures.sum());
  }
}
