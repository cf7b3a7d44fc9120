package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.transaction.PersistenceContexts;

/** Creates the {@link PersistenceContexts} of a node. There is no such bean without spring-orm. */
interface PersistenceContextSupport {

  PersistenceContexts create(LogicalClock clock);
}
