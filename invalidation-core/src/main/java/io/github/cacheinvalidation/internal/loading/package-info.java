/** Runs loads: one for each key at a time. The fence refuses loads older than an invalidation. */
@NullMarked
package io.github.cacheinvalidation.internal.loading;

import org.jspecify.annotations.NullMarked;
