package io.github.cacheinvalidation.internal.channel;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The channel between nodes: an ordered log of messages, and a feed that delivers each of them. */
public interface Channel extends AutoCloseable {

  /** Returns the channel's name on the wire, as people should see it. */
  String name();

  /** Returns the host and port of the server, or an empty text if there is no single server. */
  default String server() {
    return "";
  }

  /** Returns the log; the same one each time. */
  MessageLog log();

  /** Returns the feed; the same one each time. */
  Feed feed();

  /**
   * Returns the log as a member of a group reads it.
   *
   * @param member this node in the group
   * @return closed with the channel at the latest; null if this channel has no groups
   * @throws ChannelException after {@link #close}
   */
  default @Nullable GroupLog groupLog(GroupMember member) {
    return null;
  }

  /**
   * Returns the further channels that a node of this channel listens to and never publishes on; the
   * same ones each time. They are closed with this channel. Their log can be absent, see {@link
   * MessageLog#findTip}.
   */
  default List<Channel> further() {
    return List.of();
  }

  /**
   * Returns the cache channels: the channels that some caches of the node use instead of this one,
   * by their names in the settings; the same ones each time. Each has a log and a feed of its own.
   * They are closed with this channel.
   */
  default Map<String, Channel> cacheChannels() {
    return Map.of();
  }

  /** Returns what answers questions of an operator; null if this channel has no server to ask. */
  default @Nullable Inspection inspection() {
    return null;
  }

  /** Closes every connection and thread of this channel. Calling it again changes nothing. */
  @Override
  void close();
}
