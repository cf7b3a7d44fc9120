package io.github.cacheinvalidation.internal.status;

import java.util.function.UnaryOperator;

/** Changes the facts of a node. */
@FunctionalInterface
interface StatusChanges {

  /** Makes a change; returns whether the node joins with it. */
  boolean make(UnaryOperator<StatusFacts> change);
}
