/**
 * What an application touches: the caches, their manager, and the views that tell reads from
 * writes.
 */
@NullMarked
package io.github.cacheinvalidation.cache;

import org.jspecify.annotations.NullMarked;
