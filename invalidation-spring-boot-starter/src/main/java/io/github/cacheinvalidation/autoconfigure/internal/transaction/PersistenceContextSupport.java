package io.github.cacheinvalidation.autoconfigure.internal.transaction;

import io.github.cacheinvalidation.internal.fence.LogicalClock;
import io.github.cacheinvalidation.internal.transaction.PersistenceContexts;

/** Creates the {@link PersistenceContexts} of a node. There is no such bean without spring-orm. */
public interface PersistenceContextSupport {

  PersistenceContexts create(LogicalClock clock);
}
