package io.github.cacheinvalidation.internal.message;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.KeyTypes;
import io.github.cacheinvalidation.internal.key.WireKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Is notified of messages, with their senders and keys, and of clears; for the pages and meters of
 * an operator. A lookup of a cache never calls it. Several threads may call at the same time. Each
 * method returns at once and throws nothing.
 */
public interface MessageEventListener {

  /** Ignores everything. */
  MessageEventListener NONE = new MessageEventListener() {};

  /** The delay of a message is not known. */
  long UNKNOWN = -1;

  /**
   * A check has counted the connections that are subscribed to the channel.
   *
   * @param connections how many there are, those of this node and of other programs included; at
   *     least 1
   */
  default void counted(int connections) {}

  /**
   * A check has found that a failover can leave a second server that accepts writes. Called after
   * each such check.
   */
  default void twoMastersPossible() {}

  /**
   * The subscription delivered a message that could be read: of any sender, also of this node.
   *
   * @param delayNanos how long ago the server accepted the message, by the clock of the server;
   *     {@link #UNKNOWN} if that is not known, as for a message without a position
   */
  default void delivered(long delayNanos) {}

  /**
   * A message of another sender is applied. Called once for each message, also if it was announced.
   *
   * @param origin the node that sent it, as {@code nodeName/nodeId}; null for another program
   */
  default void applied(@Nullable String origin) {}

  /**
   * Keys that a message named were invalidated in a cache of this node.
   *
   * @param origin as for {@link #applied}
   * @param cache the name of the cache
   * @param keys the keys; must not be changed
   * @param count how many keys these are; one element can stand for many
   * @param evicted how many entries were removed here
   */
  default void evicted(
      @Nullable String origin, String cache, Collection<WireKey> keys, int count, long evicted) {}

  /**
   * Keys that a message named were compared with the types of keys used in a cache of this node.
   *
   * @param origin as for {@link #applied}
   * @param cache the name of the cache
   * @param keys the keys; must not be changed
   * @param types the types of keys used here; perhaps none yet
   * @param any whether any of the keys can be a key of these types
   */
  default void compared(
      @Nullable String origin,
      String cache,
      Collection<WireKey> keys,
      KeyTypes types,
      boolean any) {}

  /**
   * A message invalidated a whole cache of this node.
   *
   * @param origin as for {@link #applied}
   * @param cache the name of the cache
   * @param evicted about how many entries it held
   */
  default void cleared(@Nullable String origin, String cache, long evicted) {}

  /**
   * A whole cache was cleared on this node, for whatever reason.
   *
   * @param cache the name of the cache
   * @param reason why it was cleared
   */
  default void cleared(String cache, ClearReason reason) {}

  /**
   * No message can contain a key that was written on this node, so its whole cache is invalidated
   * instead.
   *
   * @param cache the name of the cache
   * @param type the type of the key
   * @param reason a sentence that says why, for people to read; it does not contain the key
   */
  default void keyRefused(String cache, Class<?> type, String reason) {}

  /**
   * A message named a cache that this node does not have, or that is local only.
   *
   * @param origin as for {@link #applied}
   * @param cache the name in the message, which any sender may have chosen
   */
  default void unknownCache(@Nullable String origin, String cache) {}

  /**
   * A message of another node on the channel of this node was applied, and has settings of caches.
   *
   * @param origin the node that sent it, as {@code nodeName/nodeId}
   * @param settings what the sender says about its settings, by the names of caches, which this
   *     node may not have; at most eight, of 256 characters each
   */
  default void settings(String origin, Map<String, String> settings) {}

  /**
   * The channel has accepted writes of this node.
   *
   * @param stale the stale keys and caches; must not be changed
   */
  default void accepted(List<Invalidation.OfCache<Object>> stale) {}

  /**
   * Returns a listener that notifies several listeners.
   *
   * @param listeners the listeners, in the order in which they are notified; copied
   */
  static MessageEventListener all(List<? extends MessageEventListener> listeners) {
    return switch (listeners.size()) {
      case 0 -> NONE;
      case 1 -> listeners.get(0);
      default -> new CompositeMessageEventListener(List.copyOf(listeners));
    };
  }
}
