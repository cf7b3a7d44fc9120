/** Delays writes and fills until Spring's transactions have ended. */
@NullMarked
package io.github.cacheinvalidation.internal.transaction;

import org.jspecify.annotations.NullMarked;
