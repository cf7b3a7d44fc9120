/** Assembles a node from its caches, outbox and receiver; starts and stops it. */
@NullMarked
package io.github.cacheinvalidation.internal.node;

import org.jspecify.annotations.NullMarked;
