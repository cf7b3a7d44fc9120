/** Follows the chain of a channel: the ring of covered positions, gaps, checks and confirmation. */
@NullMarked
package io.github.cacheinvalidation.coherence;

import org.jspecify.annotations.NullMarked;
