/** A channel between nodes: a log of messages and a feed that delivers them. */
@NullMarked
package io.github.cacheinvalidation.internal.channel;

import org.jspecify.annotations.NullMarked;
