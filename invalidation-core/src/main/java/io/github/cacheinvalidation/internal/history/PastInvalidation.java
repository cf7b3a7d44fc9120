package io.github.cacheinvalidation.internal.history;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An invalidation of one cache, or of all.
 *
 * @param time when this node applied it, or when the channel accepted it from this node, by the
 *     clock of this machine. In an excerpt of the log: when the server accepted it, by the clock of
 *     the server; null if the id of the entry does not say
 * @param sender what kind of sender it is from
 * @param origin the node that sent it, as {@code nodeName/nodeId}; null for another program, and
 *     for this node
 * @param cache the name of the cache; null for all caches
 * @param known whether this node has that cache, and the cache listens
 * @param keys how many keys; null for the whole cache
 * @param someKeys the first of these keys
 * @param evicted how many entries this node removed; null if that was not counted, as for writes of
 *     this node
 */
public record PastInvalidation(
    @Nullable Instant time,
    Sender sender,
    @Nullable String origin,
    @Nullable String cache,
    boolean known,
    @Nullable Integer keys,
    List<Key> someKeys,
    @Nullable Long evicted) {

  public PastInvalidation {
    someKeys = List.copyOf(someKeys);
  }

  /** The kinds of senders. */
  public enum Sender {
    /** This node. */
    OWN,
    /** Another node. */
    NODE,
    /** Another program. */
    FOREIGN
  }

  /**
   * A key.
   *
   * @param text the key as a text, perhaps shortened
   * @param hash a hash of the whole text
   */
  public record Key(String text, String hash) {}
}
