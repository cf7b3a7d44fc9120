package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.message.Message;
import io.github.cacheinvalidation.internal.message.MessageEventListener;
import java.util.List;

/**
 * The caches of this node, to which the receivers apply messages. Each receiver calls it by one
 * thread at a time; several receivers may call it at the same time. An implementation never waits
 * for a load, and throws only what a key of the application throws.
 */
public interface LocalCaches {

  /**
   * Evicts the stale entries.
   *
   * @param invalidations the invalidations of a message
   */
  void apply(List<Invalidation<WireKey>> invalidations);

  /**
   * Evicts the stale entries that a message names.
   *
   * @param message a message of another sender
   */
  default void apply(Message message) {
    apply(message.invalidations());
  }

  /** Returns the listener of the node to its messages; always the same one. */
  default MessageEventListener listener() {
    return MessageEventListener.NONE;
  }

  /**
   * Clears every cache that listens to the channel.
   *
   * @param reason why the caches are cleared
   */
  void clearAll(ClearReason reason);

  /**
   * Makes every cache that listens to the channel suspect, because messages may have been lost. The
   * entries that a cache holds now are not confirmed beyond a given time, so the cache is cleared
   * within its own staleness bound after that time. The clear also removes entries stored until
   * then. Entries stored after the next clear, for whatever reason, are confirmed again.
   *
   * @param confirmedNanos the last time that was confirmed before the loss was suspected
   */
  void markSuspect(long confirmedNanos);
}
