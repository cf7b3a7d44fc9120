/** Assembles a node: its caches, its outbox and its coherence over one channel. */
@NullMarked
package io.github.cacheinvalidation.node;

import org.jspecify.annotations.NullMarked;
