package io.github.cacheinvalidation;

/** Why a loaded value was not stored in the cache. The caller still gets the value. */
public enum FillRefusal {
  /**
   * The key was invalidated after the load began. This is also the reason if other keys in the same
   * hash bucket were invalidated (rare), or if keys were invalidated before this node knew this
   * type of key.
   */
  INVALIDATED,
  /** The cache was cleared after the load began. */
  CLEARED,
  /**
   * The transaction that loaded the value did not commit, or was rolled back to a savepoint. Or the
   * load saw a value that another transaction has not committed.
   */
  TRANSACTION,
  /**
   * This node did not see the transaction begin, or the persistence context open. The age of the
   * data that the load has read is therefore unknown.
   */
  UNSEEN_TRANSACTION
}
