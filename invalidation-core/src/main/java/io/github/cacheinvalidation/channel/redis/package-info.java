/** The channel over a Redis server: a stream as the log, Pub/Sub to wake the nodes. */
@NullMarked
package io.github.cacheinvalidation.channel.redis;

import org.jspecify.annotations.NullMarked;
