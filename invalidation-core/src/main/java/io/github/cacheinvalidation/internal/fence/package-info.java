/**
 * Records recent invalidations with logical times, so that the fence can refuse older loads. The
 * fence itself, which compares them with a load, is {@code EntryStore.fill} of the store.
 */
@NullMarked
package io.github.cacheinvalidation.internal.fence;

import org.jspecify.annotations.NullMarked;
