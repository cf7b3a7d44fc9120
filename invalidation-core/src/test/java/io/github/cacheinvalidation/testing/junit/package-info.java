/**
 * Helpers of this build's own tests: threads that are left running, log output, other processes.
 */
@NullMarked
package io.github.cacheinvalidation.testing.junit;

import org.jspecify.annotations.NullMarked;
