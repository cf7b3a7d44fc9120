/** Nodes of two versions on one channel: versions of this library, and of the application. */
@NullMarked
package io.github.cacheinvalidation.rolling;

import org.jspecify.annotations.NullMarked;
