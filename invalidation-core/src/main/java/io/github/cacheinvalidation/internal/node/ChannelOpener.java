package io.github.cacheinvalidation.internal.node;

import io.github.cacheinvalidation.internal.channel.Channel;

/** Opens the channel of a node, once for each start. */
@FunctionalInterface
public interface ChannelOpener {

  /**
   * Opens a channel. Needs no server, because a channel connects when it is used.
   *
   * @return the channel; the node closes it
   */
  Channel open();
}
