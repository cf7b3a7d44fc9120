package io.github.cacheinvalidation.internal.cache;

import io.github.cacheinvalidation.internal.loading.Load;
import io.github.cacheinvalidation.internal.transaction.Transactions;
import io.github.cacheinvalidation.internal.transaction.UnitOfWork;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a call of an annotated method. Cache advice acts after the method's own
 * transaction has ended, in the transaction around it. For a method that returns a future or a
 * publisher, the advice acts on the thread that brings the result, which is not in that transaction
 * and may be in one of its own.
 *
 * @param load the computation of the result, which began with the call
 * @param suspensions how often the transaction that was open had been suspended
 */
record CallBegin(Load load, int suspensions) {

  static CallBegin in(Transactions transactions, long stamp) {
    Load load = Load.in(transactions, stamp);
    UnitOfWork unit = load.unit();
    return new CallBegin(load, unit == null ? 0 : unit.suspensions());
  }

  /** Whether what the call has changed can be committed already although a transaction is open. */
  boolean mayHaveCommitted(UnitOfWork open) {
    return load.unit() != open || suspensions != open.suspensions();
  }

  /**
   * Gathers evictions in the transaction in which the call began, if that is still open and is not
   * the present one of the calling thread. To be done before the same is evicted at once: what
   * others load in between can be older than the commit.
   */
  void gatherElsewhere(@Nullable UnitOfWork present, Consumer<UnitOfWork> batch) {
    UnitOfWork unit = load.unit();
    if (unit != null && unit != present) {
      unit.gatherIfOpen(() -> batch.accept(unit));
    }
  }

  /**
   * Whether the transaction in which the call began is the present one of the calling thread, or
   * has been committed, or there was none. One whose beginning was not seen does not count.
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
