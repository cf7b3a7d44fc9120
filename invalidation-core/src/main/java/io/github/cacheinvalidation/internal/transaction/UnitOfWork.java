package io.github.cacheinvalidation.internal.transaction;

import org.jspecify.annotations.Nullable;

/**
 * One transaction: gathers its writes until it has ended. Call the write methods on the thread of
 * the transaction, or inside {@link #gatherIfOpen} on any thread. {@link #keep} and {@link
 * #whenCommitted} may be called by any thread.
 */
public interface UnitOfWork {

  /** The start stamp if the beginning of the transaction, or the opening, was not seen. */
  long UNSEEN = -1;

  /**
   * Returns the stamp that was taken before the transaction began, and before a persistence context
   * that it uses was opened, or {@link #UNSEEN}. Data that the transaction reads can be as old as
   * this stamp.
   */
  long startStamp();

  /**
   * Returns the stamp of a value that is computed in this transaction.
   *
   * @param stamp when the computation began
   * @return the earlier of that stamp and the start stamp; the given stamp if the start stamp is
   *     {@link #UNSEEN}
   */
  default long stampOf(long stamp) {
    return startStamp() == UNSEEN ? stamp : Math.min(stamp, startStamp());
  }

  /** Returns whether the transaction only reads, so that it sees only committed data. */
  boolean isReadOnly();

  /**
   * Returns how often the transaction was suspended since it was first seen. Changes that its
   * thread made during a suspension may be committed although this transaction is open. Call this
   * method on the thread of the transaction.
   */
  int suspensions();

  /**
   * Evicts a key after the commit, and also after a rollback: the change behind the eviction may
   * belong to another transaction.
   *
   * @param target the cache
   * @param key the key
   */
  void evict(WriteTarget target, Object key);

  /**
   * Clears a cache after the commit or the rollback. The clear replaces all writes of that cache
   * that were gathered before.
   *
   * @param target the cache
   */
  void clear(WriteTarget target);

  /**
   * Evicts a key as {@link #evict} does, and also each time the transaction is resumed. For an
   * eviction that comes before its change: the change may be committed while this transaction is
   * suspended.
   *
   * @param target the cache
   * @param key the key
   */
  void evictAhead(WriteTarget target, Object key);

  /**
   * Clears a cache as {@link #clear} does, and also each time the transaction is resumed.
   *
   * @param target the cache
   */
  void clearAhead(WriteTarget target);

  /**
   * Stores a value after the commit and invalidates the key on other nodes. After a rollback the
   * key is only evicted.
   *
   * @param target the cache
   * @param key the key
   * @param storeValue the value in the form in which the cache holds it
   * @param stamp the stamp that was taken before the value was computed
   */
  void put(WriteTarget target, Object key, Object storeValue, long stamp);

  /**
   * Runs code that gathers evictions and clears, on any thread, unless the transaction has ended.
   * The transaction does not end while that code runs. The default does nothing, for a transaction
   * that gathers no writes.
   *
   * @param batch calls {@link #evict} and {@link #clear} of this transaction
   */
  default void gatherIfOpen(Runnable batch) {}

  /**
   * Notes that the {@link #put} of another key also evicts this key on all nodes, after a commit
   * and after a rollback. Until then the transaction sees no cached value of this key. The default
   * does nothing, for a transaction that gathers no writes.
   *
   * @param target the cache
   * @param key the key that means the same as the put key on other nodes
   */
  default void alsoEvict(WriteTarget target, Object key) {}

  /**
   * Returns the value that the transaction will store for a key.
   *
   * @param target the cache
   * @param key the key
   * @return the value in the form in which the cache holds it; null if there is none
   */
  default @Nullable Object putValue(WriteTarget target, Object key) {
    return null;
  }

  /**
   * Keeps a loaded value for later lookups of this transaction alone, until it ends or is rolled
   * back to a savepoint. May be called by any thread. The default keeps nothing, so the transaction
   * loads the key again.
   *
   * @param savepointRollbacks how often the transaction was rolled back to a savepoint when the
   *     load began
   * @param target the cache
   * @param key the key, which must not change any more
   * @param load the loaded value
   */
  default void keep(int savepointRollbacks, WriteTarget target, Object key, KeptLoad load) {}

  /**
   * Returns how often the transaction was rolled back to a savepoint so far. Call this method on
   * the thread of the transaction when an operation begins that later calls {@link #whenCommitted}.
   */
  int savepointRollbacks();

  /**
   * Runs one of two actions when the transaction has ended: at once if it has ended already,
   * otherwise on the thread that ends it. An operation that a rollback to a savepoint may have
   * undone counts as rolled back, and its action runs at that rollback.
   *
   * @param savepointRollbacks what {@link #savepointRollbacks()} returned when the operation began
   * @param committed the action after a commit
   * @param otherwise the action after a rollback or an unknown outcome
   */
  void whenCommitted(int savepointRollbacks, Runnable committed, Runnable otherwise);
}
