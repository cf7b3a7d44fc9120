/** Derives the status of a node from the reports of its parts. */
@NullMarked
package io.github.cacheinvalidation.internal.status;

import org.jspecify.annotations.NullMarked;
