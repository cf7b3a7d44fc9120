package io.github.cacheinvalidation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gets told what happened on this node. Every method does nothing unless overridden.
 *
 * <p>Methods are called on the thread on which the thing happened, among them the one that applies
 * invalidations: an implementation returns at once and does not block. What it throws is logged and
 * otherwise ignored when it is called through {@link #all}.
 */
public interface InvalidationObserver {

  /**
   * The channel has accepted a message of this node.
   *
   * @param keys how many keys it named
   * @param wholeCaches how many caches it named as a whole
   */
  default void published(int keys, int wholeCaches) {}

  /**
   * A message could not be published; the outbox keeps it and tries again.
   *
   * @param cause what the channel said
   */
  default void publishFailed(RuntimeException cause) {}

  /**
   * So many keys were pending that those of one cache were replaced by the whole cache.
   *
   * @param cache the name of the cache
   * @param cause why there was no room
   */
  default void outboxOverflowed(String cache, OverflowCause cause) {}

  /**
   * A key could not be put into a message, so that its whole cache is invalidated instead.
   *
   * @param cache the name of the cache
   * @param type the type of the key
   */
  default void keyNotEncodable(String cache, Class<?> type) {}

  /**
   * A key takes more bytes than a message allows for one key, so that its whole cache is
   * invalidated instead. Unless overridden, this counts as a key that is {@linkplain
   * #keyNotEncodable not encodable}.
   *
   * @param cache the name of the cache
   * @param type the type of the key
   * @param bytes how many bytes the key takes in a message
   * @param most how many bytes a key may take
   */
  default void keyTooLong(String cache, Class<?> type, int bytes, int most) {
    keyNotEncodable(cache, type);
  }

  /**
   * Invalidations that came from the channel were applied here.
   *
   * @param cache the name of the cache
   * @param keys how many keys were evicted or would have been, had they been present
   */
  default void applied(String cache, int keys) {}

  /**
   * A cache was emptied.
   *
   * @param cache the name of the cache
   * @param reason why
   */
  default void cleared(String cache, ClearReason reason) {}

  /**
   * A loaded value was not stored.
   *
   * @param cache the name of the cache
   * @param reason why
   */
  default void fillRefused(String cache, FillRefusal reason) {}

  /**
   * A load failed for which others waited; one of them loads instead.
   *
   * @param cache the name of the cache
   */
  default void leaderFailed(String cache) {}

  /**
   * A message could not be read and was not applied.
   *
   * @param kind a short constant that names the kind of defect
   * @param detail what a person should know, with a bounded and sanitized quotation
   */
  default void unreadable(String kind, String detail) {}

  /** This node has joined the channel: from now on it is coherent. */
  default void joined() {}

  /**
   * The subscription has ended or could not be made; the node keeps trying.
   *
   * @param cause why
   */
  default void subscriptionLost(Throwable cause) {}

  /** The subscription is there again. */
  default void subscribed() {}

  /** A check was answered, whatever the answer says. */
  default void checked() {}

  /**
   * A check had no answer in time.
   *
   * @param cause what the channel said
   */
  default void checkFailed(RuntimeException cause) {}

  /**
   * Messages that the subscription did not deliver were read from the log and applied.
   *
   * @param messages how many
   */
  default void replayed(int messages) {}

  /**
   * The node has stopped with keys that could not be published.
   *
   * @param keys how many keys
   * @param wholeCaches how many caches as a whole
   * @param cause the last failure, if there was one
   */
  default void unpublishedAtStop(int keys, int wholeCaches, @Nullable RuntimeException cause) {}

  /**
   * Something was written after the node was closed, so that no other node will hear of it.
   *
   * @param cache the name of the cache
   */
  default void writtenTooLate(String cache) {}

  /**
   * The status of the node has changed, in anything but what it says of the last confirmation and
   * of pending keys. Told in the order of the changes and one at a time, so that each {@code
   * before} is the {@code now} of the last one, in all but these two. The thread may be one on
   * which a later change happened.
   *
   * @param before what the status was
   * @param now what the status is
   */
  default void statusChanged(NodeStatus before, NodeStatus now) {}

  /**
   * Returns an observer that tells several.
   *
   * @param observers whom to tell, in this order; one that throws does not keep the next from being
   *     told
   * @return the observer; never throws
   */
  static InvalidationObserver all(List<? extends InvalidationObserver> observers) {
    return new CompositeObserver(observers);
  }
}
