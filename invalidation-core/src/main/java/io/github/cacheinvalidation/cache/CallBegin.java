package io.github.cacheinvalidation.cache;

import io.github.cacheinvalidation.transaction.Transactions;
import io.github.cacheinvalidation.transaction.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * The transaction that was open when a call of an annotated method began. Cache advice acts after
 * the method's own transaction has ended, in the transaction around it.
 *
 * @param unit the transaction that was open; null if there was none
 * @param suspensions how often it had been suspended
 */
record CallBegin(@Nullable UnitOfWork unit, int suspensions) {

  private static final CallBegin OUTSIDE = new CallBegin(null, 0);

  static CallBegin in(Transactions transactions) {
    UnitOfWork unit = transactions.current();
    return unit == null ? OUTSIDE : new CallBegin(unit, unit.suspensions());
  }

  /** Whether no transaction was open. */
  boolean isOutside() {
    return unit == null;
  }

  /** Whether what the call has changed can be committed already although a transaction is open. */
  boolean mayHaveCommitted(UnitOfWork open) {
    return unit != open || suspensions != open.suspensions();
  }
}
