/** Declares the beans of the starter, under the conditions that this package decides. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure.internal.beans;

import org.jspecify.annotations.NullMarked;
