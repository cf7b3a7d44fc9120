package io.github.cacheinvalidation.cache;

import io.github.cacheinvalidation.transaction.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * A load that has begun.
 *
 * @param begun when it began itself
 * @param stamp taken before it began, and before the transaction did in which it runs
 * @param unit the transaction in which it runs, if it runs in one
 * @param savepointRollbacks how often that transaction had been rolled back to a savepoint
 */
record Load(long begun, long stamp, @Nullable UnitOfWork unit, int savepointRollbacks) {

  /** A load that began at a stamp, in a transaction or in none. */
  static Load in(@Nullable UnitOfWork unit, long stamp) {
    return unit == null
        ? new Load(stamp, stamp, null, 0)
        : new Load(stamp, unit.stampOf(stamp), unit, unit.savepointRollbacks());
  }
}
