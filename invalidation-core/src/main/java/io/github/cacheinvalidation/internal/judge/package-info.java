/** Compares cached values with their source of truth, and finds those that are stale. */
@NullMarked
package io.github.cacheinvalidation.internal.judge;

import org.jspecify.annotations.NullMarked;
