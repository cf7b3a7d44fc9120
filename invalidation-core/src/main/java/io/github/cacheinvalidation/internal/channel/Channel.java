package io.github.cacheinvalidation.internal.channel;

/** The channel between nodes: an ordered log of messages, and a feed that delivers each of them. */
public interface Channel extends AutoCloseable {

  /** Returns the channel's name on the wire, as people should see it. */
  String name();

  /** Returns the log; the same one each time. */
  MessageLog log();

  /** Returns the feed; the same one each time. */
  Feed feed();

  /** Closes every connection and thread of this channel. Calling it again changes nothing. */
  @Override
  void close();
}
