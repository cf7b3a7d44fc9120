package io.github.cacheinvalidation.internal.channel.redis;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.Feed;
import io.github.cacheinvalidation.internal.channel.MessageLog;

/** A further channel, or a pattern of channels, that a node listens to. */
record FurtherChannel(String name, MessageLog log, Feed feed) implements Channel {

  /** The channel of the node closes the connections. */
  @Override
  public void close() {}
}
