package io.github.cacheinvalidation.internal.channel;

import io.github.cacheinvalidation.internal.message.Position;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The ordered log of a channel. Appending a message also sends it to the subscribers of the {@link
 * Feed}, in one step. So all messages are ordered, every message but the first has a predecessor,
 * and a subscriber can read the messages that it missed.
 *
 * <p>{@code append}, {@code tip} and {@code read} wait for the short timeout of the channel and
 * then throw. Each of these may add a bounded wait: making a connection, sending a script again, or
 * another call in progress on the same connection. Each method may be called by one thread at a
 * time; the three methods may be called concurrently. A failed call leaves the log usable: the next
 * one connects again. After {@link Channel#close} all of them throw a {@link ChannelException}.
 */
public interface MessageLog {

  /**
   * Appends a message and sends it to the subscribers, in one step.
   *
   * @param publication the message and its new random id
   * @throws PublicationRefusedException if the server answered and refused; then the log does not
   *     hold the message. If possible, the channel has sent it to the subscribers without a
   *     position; it still counts as not published
   * @throws ChannelException if it is not known whether the message was accepted; it is always
   *     correct to publish the message again under a new random id
   */
  void append(Publication publication);

  /**
   * Hands a task to the thread that carries messages and answers, if this channel has such a thread
   * of its own. If the task appends a message, the caller only pays for the hand-over.
   *
   * @param task the task; it returns soon, waits for no other thread, and never throws
   * @return whether the task will run; if not, because there is no such thread, the caller has to
   *     do the work
   */
  default boolean tryExecute(Runnable task) {
    return false;
  }

  /**
   * Starts to append a message without waiting, if that is possible now. It is not possible if a
   * connection has to be made first, if a call of {@code append} is in progress, or if the client
   * can only block.
   *
   * @param publication the message and its new random id
   * @param ahead whether the message may be announced to subscribers before it is appended, with
   *     its random id but without a position: they get it sooner, but its acceptance takes longer
   * @param outcome called once if the append was started: perhaps before this method returns, at
   *     the latest after twice the timeout or when the channel is closed. It gets null if the
   *     message was accepted; a {@link RefusedException} if the server refused; another exception
   *     if the acceptance is not known. After an exception it is always correct to call {@code
   *     append}. The thread that delivers messages may call it, so it returns at once and never
   *     throws
   * @return whether the append was started; if not, the outcome is not called
   */
  default boolean tryAppend(
      Publication publication, boolean ahead, Consumer<@Nullable ChannelException> outcome) {
    return false;
  }

  /**
   * Publishes a message outside of this log, for other programs: on any channel, as it is, without
   * a position. Waits as {@code append} does, or returns before the answer. Any thread may call it.
   *
   * @param channel the name of the channel, used as it is
   * @param message the message; not copied, so it must not be changed afterwards
   * @param outcome called once, perhaps before this method returns, at the latest after twice the
   *     timeout or when the channel is closed. It gets null if the server has published the
   *     message; a {@link RefusedException} if it never will, so that a retry makes no sense;
   *     another exception if that is not known. It returns at once and never throws
   */
  default void publish(
      String channel, byte[] message, Consumer<@Nullable ChannelException> outcome) {
    outcome.accept(new RefusedException("This channel reaches no other programs", null));
  }

  /**
   * Reads the tip. This is a write, so that only a master answers. Creates the log with a first
   * entry if there is none, and renews the lifetime of the log.
   *
   * @return the tip and the server that answered
   * @throws ChannelException if there was no answer in time
   */
  Tip tip();

  /**
   * Reads the tip if there is a log. A node's own log always exists, because {@link #tip} creates
   * it. The log of a further channel is created by the nodes that publish there; this node creates
   * it only after it has found it once, because then its absence is a loss.
   *
   * @return the tip and the server that answered; null if there is no log, so that no message has a
   *     position
   * @throws ChannelException if there was no answer in time
   */
  default @Nullable Tip findTip() {
    return tip();
  }

  /**
   * Returns whether {@link #findTip} answers without waiting, as within one JVM. Then any thread
   * may call it.
   */
  default boolean answersAtOnce() {
    return false;
  }

  /**
   * Returns how many connections the server sent the last accepted message to, as it said then;
   * empty if no server has said that, or if nodes read the log instead. A hint: it counts
   * connections on one server of a cluster.
   */
  default OptionalInt listeners() {
    return OptionalInt.empty();
  }

  /**
   * Reads the log from a position, that entry included.
   *
   * @param from the position to begin with
   * @param limit the maximum number of entries, at least 2
   * @return the entries in order, beginning with the first whose entry id is not below that of
   *     {@code from}; the caller checks whether that entry is {@code from}
   * @throws ChannelException if there was no answer in time
   */
  LogPage read(Position from, int limit);
}
