package io.github.cacheinvalidation.internal.channel;

import org.jspecify.annotations.Nullable;

/**
 * The log of a channel, as a member of a group reads it. The members of all nodes share the
 * messages: each is given to one of them, at least once. Has a connection of its own, which is made
 * at the first call. The methods wait for the short timeout of the channel and then throw; a failed
 * call changes nothing here, and may be made again. For one thread, except {@link #close}.
 */
public interface GroupLog extends AutoCloseable {

  /**
   * A message that was given to this member.
   *
   * @param id the id of its entry in the log
   * @param deliveries how often it was given to a member, at least 1
   * @param everything whether the message says that the group has lost messages
   * @param body the message as it was published
   */
  record Entry(String id, int deliveries, boolean everything, byte[] body) {}

  /**
   * The end of the work on a message.
   *
   * @param id the id of the entry
   * @param handled whether the group is done with the message; if not, it is given to a member
   *     again after a pause
   */
  record Finished(String id, boolean handled) {}

  /**
   * What the group has not finished.
   *
   * @param unread the number of messages that were given to no member yet; -1 if not known
   * @param pending the number of messages that were given to a member and are not done
   */
  record Backlog(long unread, long pending) {}

  /**
   * The answer of {@link #take}.
   *
   * @param entry the message; null if there is none now
   * @param backlog the backlog; null if it was not asked for this time
   */
  record Taken(@Nullable Entry entry, @Nullable Backlog backlog) {}

  /**
   * Reports the end of the work on the previous message, and takes one message. The member works on
   * no message at that moment: what was given to it before, without a report, is given to it again.
   *
   * @param finished the end of the work on the previous message; null if there is none
   * @return the message, if there is one
   * @throws RefusedException if the server answered with an error, or is too old
   * @throws ChannelException if there was no answer in time
   */
  Taken take(@Nullable Finished finished);

  /** Returns the name of the place where dead letters are kept. */
  String deadLetters();

  /**
   * Keeps a message as a dead letter. Keeping it again changes nothing. The caller then reports it
   * as handled.
   *
   * @param entry the message
   * @param reason why it was not handled
   * @throws ChannelException as {@link #take} does
   */
  void keep(Entry entry, String reason);

  /**
   * Reports the end of the work on the previous message, and leaves the group until the next {@link
   * #take}.
   *
   * @param finished the end of the work on the previous message; null if there is none
   * @throws ChannelException as {@link #take} does
   */
  void leave(@Nullable Finished finished);

  /** Closes the connection. Waits for a running call, at most the timeout. */
  @Override
  void close();
}
