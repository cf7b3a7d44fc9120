package io.github.cacheinvalidation.internal.transaction;

/**
 * Knows the persistence contexts that are bound to the calling thread. One that is kept open over
 * several transactions, as open-in-view does for a request, returns what it has read before, so
 * that what is read through it can be as old as its opening. Safe for use by any thread.
 */
@FunctionalInterface
public interface PersistenceContexts {

  /** What there is to say of a thread without a persistence context. */
  long NONE = Long.MAX_VALUE;

  /**
   * Returns a stamp that is not newer than the opening of any of them: {@link #NONE} if there is
   * none, {@link UnitOfWork#UNSEEN} if the opening of one was not seen.
   */
  long openedAt();

  /** Returns persistence contexts of which there are none. */
  static PersistenceContexts none() {
    return () -> NONE;
  }
}
