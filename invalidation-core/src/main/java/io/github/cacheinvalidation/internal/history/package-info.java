/** Remembers the last messages for an operator. */
@NullMarked
package io.github.cacheinvalidation.internal.history;

import org.jspecify.annotations.NullMarked;
