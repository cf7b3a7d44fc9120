/** Holds what was written here until the channel has accepted it. */
@NullMarked
package io.github.cacheinvalidation.outbox;

import org.jspecify.annotations.NullMarked;
