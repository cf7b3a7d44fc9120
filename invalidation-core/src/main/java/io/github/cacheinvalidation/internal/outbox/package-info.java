/** Keeps what became stale here until the channel has accepted it. */
@NullMarked
package io.github.cacheinvalidation.internal.outbox;

import org.jspecify.annotations.NullMarked;
