package io.github.cacheinvalidation.internal.transaction;

/** A cache, as a transaction sees it: what to do on this node once the transaction has ended. */
public interface WriteTarget {

  /** Returns the name under which the cache's invalidations are published. */
  String name();

  /** Returns whether what is written here concerns this node alone. */
  boolean localOnly();

  /**
   * Evicts a key here.
   *
   * @param key the key
   */
  void applyEvict(Object key);

  /** Clears the cache here. */
  void applyClear();

  /**
   * Stores a value here, unless the key was invalidated or written since it was computed.
   *
   * @param key the key
   * @param storeValue the value in the form in which the cache holds it
   * @param stamp the stamp that was taken before the value was computed
   */
  void applyPut(Object key, Object storeValue, long stamp);
}
