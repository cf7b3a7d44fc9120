/** Implements Spring's cache interfaces on top of the store. Annotated methods enter here. */
@NullMarked
package io.github.cacheinvalidation.internal.cache;

import org.jspecify.annotations.NullMarked;
