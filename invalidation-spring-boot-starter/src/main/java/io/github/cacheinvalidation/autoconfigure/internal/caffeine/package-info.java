/** Builds the Caffeine caches of the node from the settings and beans of the application. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure.internal.caffeine;

import org.jspecify.annotations.NullMarked;
