/** Logs what happens on the node, for an operator. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure.internal.logging;

import org.jspecify.annotations.NullMarked;
