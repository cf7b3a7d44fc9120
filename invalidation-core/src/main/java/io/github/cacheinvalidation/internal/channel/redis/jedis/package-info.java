/** The Redis driver for Jedis. */
@NullMarked
package io.github.cacheinvalidation.internal.channel.redis.jedis;

import org.jspecify.annotations.NullMarked;
