/** Connections to Redis that reconnect and say why they failed, whatever the client library. */
@NullMarked
package io.github.cacheinvalidation.internal.channel.redis.connection;

import org.jspecify.annotations.NullMarked;
