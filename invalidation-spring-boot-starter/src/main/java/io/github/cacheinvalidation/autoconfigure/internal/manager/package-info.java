/** Tells the cache manager of the node, and its caches, from those of the application. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure.internal.manager;

import org.jspecify.annotations.NullMarked;
