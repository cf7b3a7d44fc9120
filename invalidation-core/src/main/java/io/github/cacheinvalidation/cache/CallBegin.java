package io.github.cacheinvalidation.cache;

import io.github.cacheinvalidation.transaction.Transactions;
import io.github.cacheinvalidation.transaction.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a call of an annotated method, and the transaction that was open then. Cache
 * advice acts outside of the method's own transaction: after it, in the transaction around.
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
