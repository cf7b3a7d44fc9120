package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.fence.LogicalClock;
import io.github.cacheinvalidation.outbox.Outbox;
import io.github.cacheinvalidation.transaction.Transactions;

/** Makes what knows the transactions of a thread. There is none without spring-tx. */
interface TransactionSupport {

  Transactions create(LogicalClock clock, Outbox outbox);
}
