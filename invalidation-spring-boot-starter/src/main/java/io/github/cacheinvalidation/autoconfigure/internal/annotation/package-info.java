/** Connects methods with cache annotations to the caches of the node. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure.internal.annotation;

import org.jspecify.annotations.NullMarked;
