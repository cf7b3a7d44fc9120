package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.NotPublishedException;

/** Lets a writer wait until the channel has accepted the keys that it added to the outbox. */
@FunctionalInterface
public interface Acceptance {

  /** For settings under which a writer does not wait. */
  Acceptance NOT_AWAITED = () -> {};

  /**
   * Waits until the channel has accepted the keys, if the settings ask for that; otherwise returns
   * at once.
   *
   * @throws NotPublishedException if the keys were not accepted in time, or at once if publishing
   *     fails, the outbox is stopped or the thread is interrupted; the write stands all the same,
   *     and the outbox keeps trying
   */
  void await();
}
