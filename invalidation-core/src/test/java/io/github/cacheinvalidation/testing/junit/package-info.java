/** Helpers of this build's own tests: what they leave behind, what they log, other processes. */
@NullMarked
package io.github.cacheinvalidation.testing.junit;

import org.jspecify.annotations.NullMarked;
