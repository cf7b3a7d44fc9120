/** Publishes what happens on the node as events of the application context. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure.internal.event;

import org.jspecify.annotations.NullMarked;
