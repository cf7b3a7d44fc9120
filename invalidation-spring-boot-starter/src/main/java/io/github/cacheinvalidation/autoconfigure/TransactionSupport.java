package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.outbox.Outbox;
import io.github.cacheinvalidation.internal.transaction.Transactions;

/** Makes what knows the transactions of a thread. There is none without spring-tx. */
interface TransactionSupport {

  Transactions create(LogicalClock clock, Outbox outbox);
}
