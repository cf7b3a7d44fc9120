package io.github.cacheinvalidation.internal.cache;

import io.github.cacheinvalidation.internal.loading.Load;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import io.github.cacheinvalidation.internal.transaction.UnitOfWork;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a call of an annotated method. Cache advice acts after the method's own
 * transaction has ended, in the surrounding transaction. If the method returns a future or a
 * publisher, the advice acts on the thread that delivers the result. That thread is not in the
 * surrounding transaction and may be in a transaction of its own.
 *
 * @param load the computation of the result, which began with the call
 * @param suspensions how often the open transaction had been suspended when the call began
 */
record CallBegin(Load load, int suspensions) {

  static CallBegin in(Transactions transactions, long stamp) {
    Load load = Load.in(transactions, stamp);
    UnitOfWork unit = load.unit();
    return new CallBegin(load, unit == null ? 0 : unit.suspensions());
  }

  /** Returns whether the changes of the call may be committed although a transaction is open. */
  boolean mayHaveCommitted(UnitOfWork open) {
    return load.unit() != open || suspensions != open.suspensions();
  }

  /**
   * Defers evictions to the end of the transaction in which the call began, if it is still open and
   * is not the calling thread's current transaction. Call it before the same keys are evicted at
   * once: a load in between can be older than the commit.
   */
  void gatherElsewhere(@Nullable UnitOfWork present, Consumer<UnitOfWork> batch) {
    UnitOfWork unit = load.unit();
    if (unit != null && unit != present) {
      unit.gatherIfOpen(() -> batch.accept(unit));
    }
  }

  /**
   * Returns whether the transaction in which the call began is the calling thread's current one or
   * has been committed, or whether there was none. A committed transaction whose beginning was not
   * seen does not count.
   */
  boolean isPresentOrCommitted(@Nullable UnitOfWork present) {
    UnitOfWork unit = load.unit();
    if (unit == null || unit == present) {
      return true;
    }
    boolean[] committed = new boolean[1];
    unit.whenCommitted(load.savepointRollbacks(), () -> committed[0] = true, () -> {});
    return committed[0] && unit.startStamp() != UnitOfWork.UNSEEN;
  }
}
