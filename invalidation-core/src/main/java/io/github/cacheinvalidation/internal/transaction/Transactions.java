package io.github.cacheinvalidation.internal.transaction;

import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** The transactions of the calling thread. Safe for use by any thread. */
public interface Transactions {

  /**
   * Returns the transaction for whose end the writes of the calling thread must wait.
   *
   * @return the transaction; null if there is none, or if it has ended already
   */
  @Nullable UnitOfWork current();

  /**
   * Returns the transaction through which the calling thread reads: the current one, or one that
   * has ended but whose connection is still bound to the thread. A value that is loaded through an
   * ended transaction must not be stored.
   *
   * @return the transaction; null if there is none
   */
  @Nullable UnitOfWork reading();

  /**
   * Returns whether a transaction of the calling thread was rolled back without a failure since a
   * stamp: the application marked it as rollback-only, or rolled back to a savepoint. A method that
   * began before the rollback may have returned data that was rolled back.
   *
   * @param stamp the stamp
   * @return whether there was such a rollback
   */
  boolean rolledBackSince(long stamp);

  /**
   * Returns {@link #rolledBackSince} of the calling thread, as a predicate that any thread may use.
   * The result of a method can arrive on another thread than the thread that ran the method.
   *
   * @return tests whether a transaction of the calling thread was rolled back since a stamp
   */
  LongPredicate rollbacks();

  /**
   * Notes that the calling thread got a value that another transaction has not committed yet. The
   * results of loads that the thread has begun are then not stored, as after a rollback.
   */
  default void sawUncommitted() {}

  /**
   * Returns whether the calling thread's transaction has written a key, so that the key is neither
   * served from the cache nor stored in it until the transaction ends.
   *
   * @param target the cache
   * @param key the key
   * @return whether the transaction has written the key; fast if no transaction has written
   */
  boolean currentHasWritten(WriteTarget target, Object key);

  /**
   * Returns the value of a key that the calling thread's transaction has loaded and keeps.
   *
   * @param target the cache
   * @param key the key
   * @return the load; null if there is none; fast if no transaction keeps a value
   */
  default @Nullable KeptLoad keptLoad(WriteTarget target, Object key) {
    return null;
  }

  /**
   * Returns the stamp of a value that the calling thread computes outside of transactions.
   *
   * @param stamp when the computation began
   * @return the earlier of that stamp and the opening of a persistence context that is bound to the
   *     thread; {@link UnitOfWork#UNSEEN} if that opening was not seen
   */
  long stampOf(long stamp);

  /** Returns an instance for an application without transactions. */
  static Transactions none() {
    return NoTransactions.INSTANCE;
  }
}
