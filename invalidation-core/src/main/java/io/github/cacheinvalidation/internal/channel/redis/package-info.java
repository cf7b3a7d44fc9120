/** A channel over Redis: the log is a stream, the feed is Pub/Sub or the stream itself. */
@NullMarked
package io.github.cacheinvalidation.internal.channel.redis;

import org.jspecify.annotations.NullMarked;
