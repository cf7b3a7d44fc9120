package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.GroupLog;
import io.github.cacheinvalidation.internal.channel.GroupMember;
import io.github.cacheinvalidation.internal.channel.Inspection;
import io.github.cacheinvalidation.internal.channel.redis.connection.Driver;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisNames;
import java.util.function.Function;

/**
 * A channel that some caches of a node use instead of the node's own.
 *
 * @param groups returns the log of this channel as a member of a group reads it
 */
record CacheChannel(
    RedisNames names,
    RedisLog log,
    RedisFeed feed,
    Driver driver,
    Function<GroupMember, GroupLog> groups)
    implements Channel {

  @Override
  public String name() {
    return names.channel();
  }

  @Override
  public GroupLog groupLog(GroupMember member) {
    return groups.apply(member);
  }

  @Override
  public Inspection inspection() {
    return new RedisInspection(driver, names);
  }

  /** The channel of the node closes the connections. */
  @Override
  public void close() {}
}
