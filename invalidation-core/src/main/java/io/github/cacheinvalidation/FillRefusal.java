package io.github.cacheinvalidation;

/** Why a loaded value was not stored in the cache. The caller still gets the value. */
public enum FillRefusal {
  /**
   * After the load began, the key was invalidated, or another key that shares its slots, or keys
   * were named while this node did not yet know the type of the key.
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
