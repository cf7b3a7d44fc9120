/** The way between nodes: a log of messages, and a feed that wakes for each of them. */
@NullMarked
package io.github.cacheinvalidation.channel;

import org.jspecify.annotations.NullMarked;
