/** Traces that follow messages from one node to the others, by Micrometer's observations. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure.tracing;

import org.jspecify.annotations.NullMarked;
