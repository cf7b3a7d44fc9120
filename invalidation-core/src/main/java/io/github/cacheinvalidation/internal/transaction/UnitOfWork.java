package io.github.cacheinvalidation.internal.transaction;

import org.jspecify.annotations.Nullable;

/**
 * One transaction: gathers its writes until it has ended. Writes belong to the thread of the
 * transaction, or into {@link #gatherIfOpen}, which may be called by any thread, as {@link
 * #whenCommitted} may.
 */
public interface UnitOfWork {

  /** The start of a transaction whose beginning, or of a view whose opening, was not seen. */
  long UNSEEN = -1;

  /**
   * Returns the stamp that was taken before the transaction began, and before a persistence context
   * was opened that it uses, or {@link #UNSEEN}. What the transaction reads can be as old as that.
   */
  long startStamp();

  /**
   * Returns the stamp of something computed from what the transaction sees.
   *
   * @param stamp when it began
   * @return the earlier of that and the beginning of the transaction, if that was seen
   */
  default long stampOf(long stamp) {
    return startStamp() == UNSEEN ? stamp : Math.min(stamp, startStamp());
  }

  /** Returns whether the transaction only reads, so that all it sees is committed. */
  boolean isReadOnly();

  /**
   * Returns how often the transaction was suspended since it was first seen. What its thread did
   * meanwhile may be committed although this transaction is open. To be asked by the thread of the
   * transaction.
   */
  int suspensions();

  /**
   * Evicts a key after the commit, and after a rollback too: the change that the eviction stands
   * for need not be one of this transaction.
   *
   * @param target the cache
   * @param key the key
   */
  void evict(WriteTarget target, Object key);

  /**
   * Clears a cache after the commit or the rollback; what was gathered for it before is covered by
   * that.
   *
   * @param target the cache
   */
  void clear(WriteTarget target);

  /**
   * Evicts a key as {@link #evict} does, and also each time the transaction is resumed. For an
   * eviction that comes before its change: the change may be made, and committed, while this
   * transaction is suspended.
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
   * Stores a value after the commit and invalidates the key elsewhere; after a rollback only evicts
   * it.
   *
   * @param target the cache
   * @param key the key
   * @param storeValue the value in the form in which the cache holds it
   * @param stamp the stamp that was taken before the value was computed
   */
  void put(WriteTarget target, Object key, Object storeValue, long stamp);

  /**
   * Runs what gathers evictions and clears, on a thread that need not be that of the transaction,
   * unless the transaction has ended. The transaction does not end meanwhile. A transaction that
   * writes at once has nothing to gather.
   *
   * @param batch calls {@link #evict} and {@link #clear} of this transaction
   */
  default void gatherIfOpen(Runnable batch) {}

  /**
   * Notes that the {@link #put} of another key also evicts this key, here and elsewhere, however
   * the transaction ends. Until then the transaction sees no value of this key. A transaction that
   * puts at once has nothing to note.
   *
   * @param target the cache
   * @param key the key that means the same as the put key on other nodes
   */
  default void cover(WriteTarget target, Object key) {}

  /**
   * Returns what the transaction is going to store for a key.
   *
   * @param target the cache
   * @param key the key
   * @return the value in the form in which the cache holds it; null if there is none
   */
  default @Nullable Object putValue(WriteTarget target, Object key) {
    return null;
  }

  /**
   * Keeps what a load brought, for later lookups of this transaction alone, until it ends or is
   * rolled back to a savepoint. May be called by any thread. A transaction that keeps nothing loads
   * again.
   *
   * @param savepointRollbacks how often the transaction was rolled back to a savepoint when the
   *     load began
   * @param target the cache
   * @param key the key, which must not change any more
   * @param load what it brought
   */
  default void keep(int savepointRollbacks, WriteTarget target, Object key, KeptLoad load) {}

  /**
   * Returns how often the transaction was rolled back to a savepoint so far. To be asked by the
   * thread of the transaction when something begins that {@link #whenCommitted} is to end.
   */
  int savepointRollbacks();

  /**
   * Runs one of two actions when the transaction has ended: at once if it has ended already, on the
   * thread that ends it otherwise. What a rollback to a savepoint may have undone counts as rolled
   * back.
   *
   * @param savepointRollbacks how often the transaction was rolled back to a savepoint when that
   *     began which the actions end
   * @param committed what to do after a commit
   * @param otherwise what to do after a rollback or an unknown outcome
   */
  void whenCommitted(int savepointRollbacks, Runnable committed, Runnable otherwise);
}
