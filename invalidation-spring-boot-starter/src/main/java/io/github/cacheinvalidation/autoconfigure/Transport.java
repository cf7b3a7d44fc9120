package io.github.cacheinvalidation.autoconfigure;

import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How messages travel between nodes. */
public enum Transport {
  /** Over Redis Pub/Sub. */
  PUBSUB(FeedKind.PUBSUB),
  /** Over Redis sharded Pub/Sub. */
  SHARDED_PUBSUB(FeedKind.SHARDED_PUBSUB),
  /** Read from the log in Redis, a stream. */
  STREAM(FeedKind.STREAM),
  /** Within one JVM, without Redis. */
  LOCAL(null);

  private final @Nullable FeedKind feed;

  Transport(@Nullable FeedKind feed) {
    this.feed = feed;
  }

  /** Returns the kind of feed over Redis; null if this transport does not use Redis. */
  @Nullable FeedKind feed() {
    return feed;
  }

  /** Returns the value of the property {@code invalidation.transport}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
