/** Ties writes and loads to Spring's transactions: nothing is published before the commit. */
@NullMarked
package io.github.cacheinvalidation.internal.transaction;

import org.jspecify.annotations.NullMarked;
