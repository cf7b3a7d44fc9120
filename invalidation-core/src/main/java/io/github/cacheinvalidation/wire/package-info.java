/** Turns invalidations and their keys into bytes and back. */
@NullMarked
package io.github.cacheinvalidation.wire;

import org.jspecify.annotations.NullMarked;
