package io.github.cacheinvalidation.internal.channel.redis.connection;

/** How a node learns of new messages in the log. */
public enum FeedKind {
  /** The server sends them over Pub/Sub. */
  PUBSUB,
  /** The server sends them over sharded Pub/Sub. */
  SHARDED_PUBSUB,
  /** The node reads them from the log as soon as they are there. */
  STREAM
}
