package io.github.cacheinvalidation.internal.loading;

import io.github.cacheinvalidation.internal.transaction.Transactions;
import io.github.cacheinvalidation.internal.transaction.UnitOfWork;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A load that has begun.
 *
 * @param begun when it began itself
 * @param stamp taken before it began, and before anything was opened that it sees the database
 *     through; {@link UnitOfWork#UNSEEN} if it is not known when that was
 * @param unit the transaction in which it runs, if it runs in one
 * @param savepointRollbacks how often that transaction had been rolled back to a savepoint
 * @param rollbacks the rollbacks of the thread on which it began
 */
public record Load(
    long begun,
    long stamp,
    @Nullable UnitOfWork unit,
    int savepointRollbacks,
    LongPredicate rollbacks) {

  /** A load that began at a stamp, in the transaction of the calling thread or in none. */
  public static Load in(Transactions transactions, long stamp) {
    UnitOfWork unit = transactions.reading();
    LongPredicate rollbacks = transactions.rollbacks();
    return unit == null
        ? new Load(stamp, transactions.stampOf(stamp), null, 0, rollbacks)
        : new Load(stamp, unit.stampOf(stamp), unit, unit.savepointRollbacks(), rollbacks);
  }

  /** A load with which no transaction has to do. */
  static Load alone(long stamp, LongPredicate rollbacks) {
    return new Load(stamp, stamp, null, 0, rollbacks);
  }

  /** Whether no transaction has to do with it until now, and it is known when it began. */
  boolean isAlone() {
    return unit == null && stamp != UnitOfWork.UNSEEN;
  }

  /** Whether a transaction of the thread on which it began was rolled back since. */
  boolean isRolledBack() {
    return rollbacks.test(begun);
  }
}
