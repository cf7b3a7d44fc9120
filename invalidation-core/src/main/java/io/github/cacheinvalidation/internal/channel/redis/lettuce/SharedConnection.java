package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.function.Consumer;

/**
 * A connection with the subscriptions that use it. The last one to leave closes it. Thread-safe.
 */
final class SharedConnection {

  private final StatefulRedisPubSubConnection<byte[], byte[]> wire;

  private final Runnable onLeave;

  private final Consumer<StatefulRedisPubSubConnection<?, ?>> closing;

  private int users;

  private boolean left;

  /**
   * Takes over a connection.
   *
   * @param onLeave runs when a subscription leaves, so that no other one enters
   * @param closing closes the connection without waiting
   */
  SharedConnection(
      StatefulRedisPubSubConnection<byte[], byte[]> wire,
      Runnable onLeave,
      Consumer<StatefulRedisPubSubConnection<?, ?>> closing) {
    this.wire = wire;
    this.onLeave = onLeave;
    this.closing = closing;
  }

  StatefulRedisPubSubConnection<byte[], byte[]> wire() {
    return wire;
  }

  /** Returns whether a further subscription may use the connection; if so, it must leave later. */
  synchronized boolean enter() {
    if (left || !wire.isOpen()) {
      return false;
    }
    users++;
    return true;
  }

  /**
   * A subscription leaves.
   *
   * @param refused whether the server refused it, so that the connection works for others
   */
  void leave(boolean refused) {
    if (!refused) {
      onLeave.run();
    }
    if (isUnusedAfterOneLeft(refused)) {
      onLeave.run();
      closing.accept(wire);
    }
  }

  private synchronized boolean isUnusedAfterOneLeft(boolean refused) {
    users--;
    left |= !refused || users == 0;
    return users == 0;
  }
}
