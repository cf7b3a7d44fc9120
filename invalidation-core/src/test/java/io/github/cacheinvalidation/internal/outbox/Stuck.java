package io.github.cacheinvalidation.internal.outbox;

import org.jspecify.annotations.Nullable;

/** Tells whether the last attempt of an outbox to publish failed. */
final class Stuck {

  private Stuck() {}

  static boolean isStuck(Outbox outbox) {
    Sender present = outbox.sender();
    return lastFailure(present) != null;
  }

  private static @Nullable RuntimeException lastFailure(@Nullable Sender sender) {
    return sender == null ? null : sender.lastFailure();
  }
}
