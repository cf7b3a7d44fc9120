package io.github.cacheinvalidation.internal.transaction;

/** A cache to which a transaction applies its writes on this node when it has ended. */
public interface WriteTarget {

  /** Returns the name of the cache in published invalidations. */
  String name();

  /** Returns whether writes to this cache are not published to other nodes. */
  boolean localOnly();

  /**
   * Evicts a key on this node.
   *
   * @param key the key
   */
  void applyEvict(Object key);

  /** Clears the cache on this node. */
  void applyClear();

  /**
   * Stores a value on this node, unless the key was invalidated or written after the stamp.
   *
   * @param key the key
   * @param storeValue the value in the form in which the cache holds it
   * @param stamp the stamp that was taken before the value was computed
   */
  void applyPut(Object key, Object storeValue, long stamp);
}
