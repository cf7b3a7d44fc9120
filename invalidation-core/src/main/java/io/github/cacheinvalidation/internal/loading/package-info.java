/** Runs loads: one load for each key at a time, and none stored that an invalidation overtook. */
@NullMarked
package io.github.cacheinvalidation.internal.loading;

import org.jspecify.annotations.NullMarked;
