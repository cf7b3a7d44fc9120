/** The Redis driver for Lettuce. */
@NullMarked
package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import org.jspecify.annotations.NullMarked;
