package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.Inspection;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;

/** A channel that some caches of a node use instead of the node's own. */
record CacheChannel(RedisNames names, RedisLog log, RedisFeed feed, Driver driver)
    implements Channel {

  @Override
  public String name() {
    return names.channel();
  }

  @Override
  public Inspection inspection() {
    return new RedisInspection(driver, names);
  }

  /** The channel of the node closes the connections. */
  @Override
  public void close() {}
}
