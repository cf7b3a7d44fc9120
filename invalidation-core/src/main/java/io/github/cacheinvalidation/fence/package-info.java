/** Decides whether a loaded value may still be stored. */
@NullMarked
package io.github.cacheinvalidation.fence;

import org.jspecify.annotations.NullMarked;
