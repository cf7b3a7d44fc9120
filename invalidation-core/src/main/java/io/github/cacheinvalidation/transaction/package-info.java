/** Gathers the writes of a transaction until it has ended. */
@NullMarked
package io.github.cacheinvalidation.transaction;

import org.jspecify.annotations.NullMarked;
