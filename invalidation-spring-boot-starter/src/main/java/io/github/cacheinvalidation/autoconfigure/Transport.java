package io.github.cacheinvalidation.autoconfigure;

import java.util.Locale;

/** How messages travel between nodes. */
public enum Transport {
  /** Over Redis Pub/Sub. */
  PUBSUB,
  /** Over Redis sharded Pub/Sub. */
  SHARDED_PUBSUB,
  /** Read from the log in Redis, a stream. */
  STREAM,
  /** Within one JVM, without Redis. */
  LOCAL;

  /** Returns the value of the property {@code invalidation.transport}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
