package io.github.cacheinvalidation.channel;

import io.github.cacheinvalidation.wire.Position;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way between nodes: an ordered log of messages, and a wake-up for each of them. One call to
 * {@link #publish} appends a message to the log and sends it, together with its own position and
 * that of its predecessor, to every subscriber; so all publishers are ordered, every message names
 * its predecessor, and what a subscriber missed can be read again.
 *
 * <p>{@code publish}, {@code check} and {@code read} wait for the short timeout of the channel and
 * then throw. Where a connection has to be made, where a script has to be sent once more, or where
 * another call on the same connection is under way, each of these may add its own bounded wait.
 * Each method may be called from one thread at a time, and the three at the same time as each
 * other. A failed call leaves the channel usable: the next one connects again. After {@link #close}
 * all of them and {@code subscribe} throw a {@link ChannelException}.
 */
public interface Channel extends AutoCloseable {

  /** Returns what a person should see as the channel's name, as it is on the wire. */
  String name();

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
  void publish(Publication publication);

  /**
   * Has a task run soon by the thread that carries messages and answers, if this channel has such a
   * thread of its own. To publish from there takes its caller the time of the hand-over only.
   *
   * @param task returns soon, waits for no other thread, and never throws
   * @return whether it will run; if not, because there is no such thread, it is the caller's
   */
  default boolean tryExecute(Runnable task) {
    return false;
  }

  /**
   * Begins to publish a message and waits for nothing, where that is possible now. It is not where
   * a connection has to be made first, where a call of {@code publish} is under way, or where the
   * client can only wait.
   *
   * @param publication the message and its fresh random id
   * @param ahead whether subscribers may be told of the message, without a position but with its
   *     random id, before it is appended: they have it sooner, but its acceptance takes longer
   * @param outcome is called once if this has begun, perhaps before this returns, and at the latest
   *     after twice the timeout or when the channel is closed. It gets null if it was accepted; a
   *     {@link RefusedException} if the server answered otherwise; another exception if it is not
   *     known whether it was accepted. {@code publish} is always right then. Called on the thread
   *     that delivers messages, perhaps, so it returns at once and never throws
   * @return whether this has begun; if not, the outcome is not called
   */
  default boolean tryPublish(
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
  Tip check();

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

  /**
   * Begins to subscribe and returns at once. The outcome is told to the subscriber. A channel has
   * one subscription at a time: the caller closes the one it has before it asks for another.
   *
   * @param subscriber gets all that happens, one call at a time
   * @return the handle that ends it
   */
  Subscription subscribe(Subscriber subscriber);

  /**
   * Returns whether subscribers are called on threads that belong to this channel, so that a short
   * message can be applied there, not only handed on.
   */
  default boolean deliversOnOwnThread() {
    return true;
  }

  /**
   * Returns whether {@link #check} is answered without a wait, as it is within one JVM, so that any
   * thread may call it.
   */
  default boolean answersAtOnce() {
    return false;
  }

  /** Closes every connection and thread of this channel. Calling it again changes nothing. */
  @Override
  void close();
}
