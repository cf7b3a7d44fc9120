package io.github.cacheinvalidation.internal.channel;

import io.github.cacheinvalidation.internal.message.Position;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The ordered log of a channel. To append a message wakes the {@link Feed} as well, in one step, so
 * all who append are ordered, every message has a predecessor, and what a subscriber missed can be
 * read again.
 *
 * <p>{@code append}, {@code tip} and {@code read} wait for the short timeout of the channel and
 * then throw. Where a connection has to be made, where a script has to be sent once more, or where
 * another call on the same connection is under way, each of these may add its own bounded wait.
 * Each method may be called from one thread at a time, and the three at the same time as each
 * other. A failed call leaves the log usable: the next one connects again. After {@link
 * Channel#close} all of them throw a {@link ChannelException}.
 */
public interface MessageLog {

  /**
   * Appends a message and wakes the subscribers, as one step.
   *
   * @param publication the message and its fresh random id
   * @throws PublicationRefusedException if the server answered and refused, so that nothing is in
   *     the log. Where it could, the channel has sent the message to the subscribers without a
   *     position; it still counts as not published
   * @throws ChannelException if it is not known whether the message was accepted; publishing it
   *     again under a fresh random id is always right
   */
  void append(Publication publication);

  /**
   * Has a task run soon by the thread that carries messages and answers, if this channel has such a
   * thread of its own. To append from there takes its caller the time of the hand-over only.
   *
   * @param task returns soon, waits for no other thread, and never throws
   * @return whether it will run; if not, because there is no such thread, it is the caller's
   */
  default boolean tryExecute(Runnable task) {
    return false;
  }

  /**
   * Begins to append a message and waits for nothing, where that is possible now. It is not where a
   * connection has to be made first, where a call of {@code append} is under way, or where the
   * client can only wait.
   *
   * @param publication the message and its fresh random id
   * @param ahead whether subscribers may be told of the message, without a position but with its
   *     random id, before it is appended: they have it sooner, but its acceptance takes longer
   * @param outcome is called once if this has begun, perhaps before this returns, and at the latest
   *     after twice the timeout or when the channel is closed. It gets null if it was accepted; a
   *     {@link RefusedException} if the server answered otherwise; another exception if it is not
   *     known whether it was accepted. {@code append} is always right then. Called on the thread
   *     that delivers messages, perhaps, so it returns at once and never throws
   * @return whether this has begun; if not, the outcome is not called
   */
  default boolean tryAppend(
      Publication publication, boolean ahead, Consumer<@Nullable ChannelException> outcome) {
    return false;
  }

  /**
   * Reads the newest position, as a write, so that it is answered by a master only. Creates the log
   * with a first entry where there is none, and renews its lifetime.
   *
   * @return the newest position and who answered
   * @throws ChannelException if there was no answer in time
   */
  Tip tip();

  /**
   * Returns whether {@link #tip} is answered without a wait, as it is within one JVM, so that any
   * thread may call it.
   */
  default boolean answersAtOnce() {
    return false;
  }

  /**
   * Reads the log from a position, that entry included.
   *
   * @param from where to begin
   * @param limit how many entries at most, at least 2
   * @return the entries in order, beginning with the first whose entry id is not below that of
   *     {@code from}; whether it <em>is</em> {@code from} is for the caller to see
   * @throws ChannelException if there was no answer in time
   */
  LogPage read(Position from, int limit);
}
