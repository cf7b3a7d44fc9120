/** A channel inside one JVM, without a server. */
@NullMarked
package io.github.cacheinvalidation.internal.channel.local;

import org.jspecify.annotations.NullMarked;
