/** A channel over Redis: the log is a stream, the feed is Pub/Sub. */
@NullMarked
package io.github.cacheinvalidation.internal.channel.redis;

import org.jspecify.annotations.NullMarked;
