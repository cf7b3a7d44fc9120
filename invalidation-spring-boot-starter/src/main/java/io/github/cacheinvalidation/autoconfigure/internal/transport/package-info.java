/** Chooses the transport, and opens its channel from the settings and beans for Redis. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure.internal.transport;

import org.jspecify.annotations.NullMarked;
