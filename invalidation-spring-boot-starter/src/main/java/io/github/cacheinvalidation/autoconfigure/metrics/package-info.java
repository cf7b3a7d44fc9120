/** Meters, where Micrometer is there. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
