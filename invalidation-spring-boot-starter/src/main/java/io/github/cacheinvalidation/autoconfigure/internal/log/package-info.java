/** Logs what happens on the node, for an operator. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure.internal.log;

import org.jspecify.annotations.NullMarked;
