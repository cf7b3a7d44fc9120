package io.github.cacheinvalidation.testing;

import io.github.cacheinvalidation.internal.message.Delivery;
import io.github.cacheinvalidation.internal.message.Position;
import org.jspecify.annotations.Nullable;

/** The positions of a message. */
final class FramedPositions {

  private FramedPositions() {}

  /** Gives both positions another random id; a message without positions stays as it is. */
  static Delivery fork(Delivery message, String suffix) {
    return new Delivery(
        fork(message.position(), suffix),
        fork(message.predecessor(), suffix),
        message.ahead(),
        message.body(),
        message.open());
  }

  private static @Nullable Position fork(@Nullable Position position, String suffix) {
    return position == null ? null : new Position(position.entryId(), position.nonce() + suffix);
  }
}
