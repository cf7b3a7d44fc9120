package io.github.cacheinvalidation.internal.node;

import io.github.cacheinvalidation.internal.channel.Channel;

/** Opens the channel of a node, once for each start. */
@FunctionalInterface
public interface ChannelOpener {

  /**
   * Opens a channel. Needs no server: a channel connects when it is used.
   *
   * @return the channel, which the node closes
   */
  Channel open();
}
