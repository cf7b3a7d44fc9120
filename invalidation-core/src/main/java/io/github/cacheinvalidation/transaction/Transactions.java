package io.github.cacheinvalidation.transaction;

import org.jspecify.annotations.Nullable;

/** Says in which transaction the calling thread is. Safe for use by any thread. */
public interface Transactions {

  /**
   * Returns the transaction whose outcome the calling thread's writes have to wait for.
   *
   * @return the transaction; null if there is none, or if it has been completed already
   */
  @Nullable UnitOfWork current();

  /**
   * Returns whether the calling thread's transaction has written a key, so that the key is neither
   * served from the cache nor stored in it until the transaction ends.
   *
   * @param target the cache
   * @param key the key
   * @return whether it has; quick where no transaction has written anything
   */
  boolean currentHasWritten(WriteTarget target, Object key);

  /**
   * Returns the stamp of something that is computed outside of transactions from what the calling
   * thread sees.
   *
   * @param stamp when it began
   * @return the earlier of that and the opening of a persistence context that is bound to the
   *     thread; {@link UnitOfWork#UNSEEN} if that opening was not seen
   */
  long stampOf(long stamp);

  /** Returns transactions of which there are none. */
  static Transactions none() {
    return NoTransactions.INSTANCE;
  }
}
