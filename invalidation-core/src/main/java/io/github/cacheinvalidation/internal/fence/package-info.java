/** Records recent invalidations with logical times, so that the fence can refuse older loads. */
@NullMarked
package io.github.cacheinvalidation.internal.fence;

import org.jspecify.annotations.NullMarked;
