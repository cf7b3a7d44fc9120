/** Meters, if Micrometer is on the class path. */
@NullMarked
package io.github.cacheinvalidation.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
