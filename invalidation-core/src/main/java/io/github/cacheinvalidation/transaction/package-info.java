/** Gathers the writes of a transaction until it has committed. */
@NullMarked
package io.github.cacheinvalidation.transaction;

import org.jspecify.annotations.NullMarked;
