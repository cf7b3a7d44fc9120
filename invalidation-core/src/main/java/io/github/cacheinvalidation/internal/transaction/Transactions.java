package io.github.cacheinvalidation.internal.transaction;

import java.util.function.LongPredicate;
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
   * Returns the transaction through which the calling thread reads: the current one, or one that
   * has been completed but whose connection is still bound to the thread, so that what is read now
   * must not be stored.
   *
   * @return the transaction; null if there is none
   */
  @Nullable UnitOfWork reading();

  /**
   * Returns whether a transaction of the calling thread was rolled back since a stamp although
   * nothing failed, because the application had marked it or returned to a savepoint. A method that
   * began before may have returned what it saw in there.
   *
   * @param stamp the stamp
   * @return whether one was
   */
  boolean rolledBackSince(long stamp);

  /**
   * Returns {@link #rolledBackSince} of the calling thread, for any thread to ask. The result of a
   * method can come on another thread than the one that ran the method.
   *
   * @return says of a stamp whether a transaction of the calling thread was rolled back since
   */
  LongPredicate rollbacks();

  /**
   * Notes that the calling thread was given a value that another transaction has not committed.
   * What it has begun to compute is not stored, as after a rollback.
   */
  default void sawUncommitted() {}

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
   * Returns what the calling thread's transaction keeps of what it has loaded.
   *
   * @param target the cache
   * @param key the key
   * @return the load; null if there is none; quick where no transaction keeps anything
   */
  default @Nullable KeptLoad keptLoad(WriteTarget target, Object key) {
    return null;
  }

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
