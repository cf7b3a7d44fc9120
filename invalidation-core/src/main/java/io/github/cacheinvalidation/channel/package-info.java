/** The way between nodes: publish, subscribe, check, read the log. */
@NullMarked
package io.github.cacheinvalidation.channel;

import org.jspecify.annotations.NullMarked;
