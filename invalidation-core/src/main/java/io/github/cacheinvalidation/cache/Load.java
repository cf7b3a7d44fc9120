package io.github.cacheinvalidation.cache;

import io.github.cacheinvalidation.transaction.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * A load that has begun.
 *
 * @param stamp taken before it began, and before the transaction did in which it runs
 * @param unit the transaction in which it runs, if it runs in one
 */
record Load(long stamp, @Nullable UnitOfWork unit) {}
