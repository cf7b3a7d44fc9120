/** The channel inside one JVM. */
@NullMarked
package io.github.cacheinvalidation.channel.local;

import org.jspecify.annotations.NullMarked;
