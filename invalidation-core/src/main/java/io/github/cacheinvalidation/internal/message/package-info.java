/** Writes and reads messages of the wire protocol (docs/protocol.md). */
@NullMarked
package io.github.cacheinvalidation.internal.message;

import org.jspecify.annotations.NullMarked;
