/** Derives the status of a node from what its parts report. */
@NullMarked
package io.github.cacheinvalidation.internal.status;

import org.jspecify.annotations.NullMarked;
