/** Records recent invalidations with logical time, so that a load that is too old is not stored. */
@NullMarked
package io.github.cacheinvalidation.internal.fence;

import org.jspecify.annotations.NullMarked;
