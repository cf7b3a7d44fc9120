package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.NotPublishedException;

/** The moment at which the channel accepts what was added to the outbox. */
@FunctionalInterface
public interface Acceptance {

  /** The settings do not ask to wait. */
  Acceptance NOT_AWAITED = () -> {};

  /**
   * Waits until the channel has accepted it, where the settings ask for that; otherwise returns at
   * once.
   *
   * @throws NotPublishedException if it was not accepted in time, or at once while the outbox is
   *     stuck; the write stands all the same, and the outbox keeps trying
   */
  void await();
}
