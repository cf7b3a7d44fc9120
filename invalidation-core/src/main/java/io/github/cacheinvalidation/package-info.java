/**
 * The API for applications: invalidate from code, encode own key types, read messages in own
 * formats, observe a node. An argument or a result is never null unless it is marked {@code
 * Nullable} or its description says so.
 */
@NullMarked
package io.github.cacheinvalidation;

import org.jspecify.annotations.NullMarked;
