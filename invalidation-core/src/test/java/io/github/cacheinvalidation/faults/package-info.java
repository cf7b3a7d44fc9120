/** Whole nodes over a real server, and what can go wrong between them. */
@NullMarked
package io.github.cacheinvalidation.faults;

import org.jspecify.annotations.NullMarked;
