package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.NotPublishedException;

/** Lets a writer wait until the channel has accepted the keys that it added to the outbox. */
public interface Acceptance {

  /** For a writer that does not wait. */
  Acceptance NOT_AWAITED = () -> {};

  /**
   * Waits until the channel has accepted the keys. In mode async only the first writes of a burst
   * wait, each for at most fifty milliseconds, and nothing is thrown. Call this method without any
   * lock.
   *
   * @throws NotPublishedException in mode await, if the keys were not accepted in time, or at once
   *     if publishing fails, the outbox is stopped or the thread is interrupted; the write stands
   *     all the same, and the outbox keeps trying
   */
  void await();

  /**
   * The same in an open transaction, which holds locks of the database: waits in mode await only.
   */
  default void awaitInsideTransaction() {
    await();
  }

  /**
   * Waits as one of the two methods above, as if it had been called at an earlier time.
   *
   * @param sinceNanos the time, of {@link System#nanoTime}
   * @param insideTransaction whether a transaction is open
   * @throws NotPublishedException as {@link #await} does
   */
  default void awaitSince(long sinceNanos, boolean insideTransaction) {
    if (insideTransaction) {
      awaitInsideTransaction();
    } else {
      await();
    }
  }
}
