/** Starts and stops the node, its group handlers and its judge with the application. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure.internal.lifecycle;

import org.jspecify.annotations.NullMarked;
