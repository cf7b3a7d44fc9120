/** Keeps the keys that were invalidated on this node until the channel has accepted them. */
@NullMarked
package io.github.cacheinvalidation.internal.outbox;

import org.jspecify.annotations.NullMarked;
