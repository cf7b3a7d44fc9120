package io.github.cacheinvalidation.internal.loading;

import io.github.cacheinvalidation.internal.transaction.Transactions;
import io.github.cacheinvalidation.internal.transaction.UnitOfWork;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A load that has begun.
 *
 * @param begun the stamp at which the load itself began
 * @param stamp the earlier of {@code begun} and the opening of the transaction or persistence
 *     context through which the load reads; {@link UnitOfWork#UNSEEN} if the opening of a context
 *     outside a transaction was not seen
 * @param unit the transaction in which the load runs; null if there is none
 * @param savepointRollbacks how often that transaction had been rolled back to a savepoint when the
 *     load began
 * @param rollbacks tests a stamp for later rollbacks on the thread on which the load began
 */
public record Load(
    long begun,
    long stamp,
    @Nullable UnitOfWork unit,
    int savepointRollbacks,
    LongPredicate rollbacks) {

  /** Creates a load that began at a stamp, in the transaction of the calling thread or in none. */
  public static Load in(Transactions transactions, long stamp) {
    UnitOfWork unit = transactions.reading();
    LongPredicate rollbacks = transactions.rollbacks();
    return unit == null
        ? new Load(stamp, transactions.stampOf(stamp), null, 0, rollbacks)
        : new Load(stamp, unit.stampOf(stamp), unit, unit.savepointRollbacks(), rollbacks);
  }

  /** Creates a load that began outside of transactions and persistence contexts. */
  static Load alone(long stamp, LongPredicate rollbacks) {
    return new Load(stamp, stamp, null, 0, rollbacks);
  }

  /** Returns whether the load began outside of transactions and its stamp is known. */
  boolean isAlone() {
    return unit == null && stamp != UnitOfWork.UNSEEN;
  }

  /** Returns whether a transaction of the thread on which the load began was rolled back since. */
  boolean isRolledBack() {
    return rollbacks.test(begun);
  }
}
