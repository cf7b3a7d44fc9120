package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.transaction.PersistenceContexts;

/** Makes what knows the persistence contexts of a thread. There is none without spring-orm. */
interface PersistenceContextSupport {

  PersistenceContexts create(LogicalClock clock);
}
