package io.github.cacheinvalidation;

/** Why a loaded value was not stored. */
public enum FillRefusal {
  /** The key, or one that shares its slots, was invalidated after the load began. */
  INVALIDATED,
  /** The cache was cleared after the load began. */
  CLEARED,
  /** The transaction that loaded the value did not commit, or has written the key itself. */
  TRANSACTION,
  /**
   * The beginning of the transaction, or the opening of the persistence context, was not seen, so
   * the age of what it sees is not known.
   */
  UNSEEN_TRANSACTION
}
