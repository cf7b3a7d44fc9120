package io.github.cacheinvalidation.internal.transaction;

/**
 * Finds the persistence contexts that are bound to the calling thread. A persistence context can
 * stay open over several transactions, as with open-in-view, and returns entities that it has read
 * before. Data read through it can therefore be as old as its opening. Safe for use by any thread.
 */
@FunctionalInterface
public interface PersistenceContexts {

  /** The result for a thread without a persistence context. */
  long NONE = Long.MAX_VALUE;

  /**
   * Returns a stamp that is not newer than the opening of any of them. Returns {@link #NONE} if
   * there is none, and {@link UnitOfWork#UNSEEN} if the opening of one was not seen.
   */
  long openedAt();

  /** Returns an instance for an application without persistence contexts. */
  static PersistenceContexts none() {
    return () -> NONE;
  }
}
