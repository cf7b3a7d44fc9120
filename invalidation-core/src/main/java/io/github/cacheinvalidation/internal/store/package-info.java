/** Holds the entries of one cache in Caffeine. Refuses values that an invalidation made stale. */
@NullMarked
package io.github.cacheinvalidation.internal.store;

import org.jspecify.annotations.NullMarked;
