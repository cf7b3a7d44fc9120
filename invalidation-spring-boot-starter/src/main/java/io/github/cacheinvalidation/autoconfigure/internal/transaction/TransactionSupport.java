package io.github.cacheinvalidation.autoconfigure.internal.transaction;

import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.outbox.InvalidationSink;
import io.github.cacheinvalidation.internal.transaction.Transactions;

/** Creates the {@link Transactions} of a node. There is no such bean without spring-tx. */
public interface TransactionSupport {

  Transactions create(LogicalClock clock, InvalidationSink sink);
}
