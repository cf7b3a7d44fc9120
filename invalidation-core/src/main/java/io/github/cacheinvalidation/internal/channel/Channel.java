package io.github.cacheinvalidation.internal.channel;

/** The way between nodes: an ordered log of messages, and a feed that wakes for each of them. */
public interface Channel extends AutoCloseable {

  /** Returns what a person should see as the channel's name, as it is on the wire. */
  String name();

  /** Returns the log; the same one each time. */
  MessageLog log();

  /** Returns the feed; the same one each time. */
  Feed feed();

  /** Closes every connection and thread of this channel. Calling it again changes nothing. */
  @Override
  void close();
}
