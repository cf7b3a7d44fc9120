/** Connections to Redis that reconnect and explain failures, with any client library. */
@NullMarked
package io.github.cacheinvalidation.internal.channel.redis.connection;

import org.jspecify.annotations.NullMarked;
