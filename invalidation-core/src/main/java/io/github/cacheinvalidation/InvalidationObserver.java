package io.github.cacheinvalidation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Is notified of events on this node. Every method does nothing unless overridden.
 *
 * <p>A method is called on the thread on which the event happened. That thread may be the thread
 * that applies invalidations, so an implementation must return at once and must not block. Several
 * threads may call at the same time. A node calls every observer through {@link #all}, which logs
 * an exception and otherwise ignores it.
 */
public interface InvalidationObserver {

  /**
   * The channel has accepted a message of this node.
   *
   * @param keys the number of keys in the message
   * @param wholeCaches the number of whole caches in the message
   */
  default void published(int keys, int wholeCaches) {}

  /**
   * A message could not be published. The outbox keeps its keys and tries again.
   *
   * @param cause the failure that the channel reported
   */
  default void publishFailed(RuntimeException cause) {}

  /**
   * Too many keys were pending, so the whole cache now stands for the pending keys of that cache.
   *
   * @param cache the name of the cache
   * @param cause why there was no room
   */
  default void outboxOverflowed(String cache, OverflowCause cause) {}

  /**
   * A {@link ForeignMessageWriter} threw an exception, or its messages were not published.
   *
   * @param cache the name of the cache
   * @param cause the exception, or the failure that the channel reported
   * @param retried whether the node publishes the messages again while it runs; if not, other
   *     programs are not notified of this invalidation, unless the node was stopped and is started
   *     again
   */
  default void foreignWriteFailed(String cache, Throwable cause, boolean retried) {}

  /**
   * A key cannot be encoded in a message, or its own methods threw, so its whole cache is
   * invalidated instead.
   *
   * @param cache the name of the cache
   * @param type the type of the key
   */
  default void keyNotEncodable(String cache, Class<?> type) {}

  /**
   * A key cannot be encoded in a message, or its own methods threw, so its whole cache is
   * invalidated instead. The default implementation calls {@link #keyNotEncodable(String, Class)}.
   *
   * @param cache the name of the cache
   * @param type the type of the key
   * @param part the type of the part of the key that cannot be encoded: a {@link KeyCodec} for this
   *     type is the remedy. It is the type of the key itself if no part is the cause
   * @param reason a clause whose subject is that part, for people to read
   */
  default void keyNotEncodable(String cache, Class<?> type, Class<?> part, String reason) {
    keyNotEncodable(cache, type);
  }

  /**
   * A key is longer than a message allows for one key, so its whole cache is invalidated instead.
   * The default implementation calls {@link #keyNotEncodable(String, Class)}.
   *
   * @param cache the name of the cache
   * @param type the type of the key
   * @param bytes the length of the encoded key in bytes
   * @param most the longest allowed key in bytes
   */
  default void keyTooLong(String cache, Class<?> type, int bytes, int most) {
    keyNotEncodable(cache, type);
  }

  /**
   * Keys that a message named were invalidated in a cache of this node.
   *
   * @param cache the name of the cache
   * @param keys the number of keys in the message, whether or not the cache held them
   */
  default void applied(String cache, int keys) {}

  /**
   * A whole cache was cleared on this node.
   *
   * @param cache the name of the cache
   * @param reason why the cache was cleared
   */
  default void cleared(String cache, ClearReason reason) {}

  /**
   * A loaded value was not stored in the cache. The caller of the load still gets the value.
   *
   * @param cache the name of the cache
   * @param reason why the value was not stored
   */
  default void fillRefused(String cache, FillRefusal reason) {}

  /**
   * A caller found no value and waits for the load of another caller, instead of loading itself.
   *
   * @param cache the name of the cache
   */
  default void loadJoined(String cache) {}

  /**
   * A load failed while another caller waited for its value. Called for each waiting caller. A
   * waiting caller then loads the value itself, or waits for another waiting caller that does.
   *
   * @param cache the name of the cache
   */
  default void leaderFailed(String cache) {}

  /**
   * A message could not be read or applied.
   *
   * @param kind a short constant that names the kind of defect
   * @param detail a description for a person; a quotation of the message in it is bounded and
   *     sanitized
   */
  default void unreadable(String kind, String detail) {}

  /** This node has joined the channel. From now on it is kept coherent. */
  default void joined() {}

  /**
   * The subscription has ended or could not be made. The node keeps trying to subscribe.
   *
   * @param cause why there is no subscription
   */
  default void subscriptionLost(Throwable cause) {}

  /** The subscription has been made, for the first time or again. */
  default void subscribed() {}

  /** A check was answered, whether or not the answer shows a gap. */
  default void checked() {}

  /**
   * A check failed or had no answer in time.
   *
   * @param cause the failure that the channel reported
   */
  default void checkFailed(RuntimeException cause) {}

  /**
   * Messages that the subscription did not deliver were replayed from the log.
   *
   * @param messages the number of replayed messages
   */
  default void replayed(int messages) {}

  /**
   * The node has stopped, and some keys could not be published in time. The keys stay pending, and
   * are published if the node is started again.
   *
   * @param keys the number of pending keys
   * @param wholeCaches the number of pending whole caches
   * @param cause the failure of the last attempt to publish; null if it did not fail
   */
  default void unpublishedAtStop(int keys, int wholeCaches, @Nullable RuntimeException cause) {}

  /**
   * The application wrote to a cache after the node was closed. Other nodes are not notified of the
   * write unless the node is started again.
   *
   * @param cache the name of the cache
   */
  default void writtenTooLate(String cache) {}

  /**
   * The status of the node has changed. A change of only {@link NodeStatus#lastConfirmed()} or
   * {@link NodeStatus#pendingKeys()} is not reported. Changes are reported one at a time and in
   * order: apart from these two fields, each {@code before} equals the previous {@code now}. The
   * calling thread may be a thread that made a later change.
   *
   * @param before the status before the change
   * @param now the status after the change
   */
  default void statusChanged(NodeStatus before, NodeStatus now) {}

  /**
   * Returns an observer that notifies several observers. An exception or an error that one of them
   * throws is logged and ignored, and the next one is notified.
   *
   * @param observers the observers, in the order in which they are notified; copied
   * @return the observer; its methods never throw
   */
  static InvalidationObserver all(List<? extends InvalidationObserver> observers) {
    return new CompositeObserver(observers);
  }
}
