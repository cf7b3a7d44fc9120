package io.github.cacheinvalidation.internal.receiver;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.WireKey;
import java.util.List;

/**
 * What this node holds, and what the messages of the channel are applied to. Called by the
 * receiver's thread alone; an implementation never waits for a load and never throws.
 */
public interface Replica {

  /**
   * Evicts what became stale.
   *
   * @param invalidations what a message named
   */
  void apply(List<Invalidation<WireKey>> invalidations);

  /**
   * Clears every cache that listens to the channel.
   *
   * @param reason why
   */
  void clearAll(ClearReason reason);

  /**
   * Puts off a clear, because messages may have been lost: what every cache that listens to the
   * channel holds now is never confirmed beyond a moment, so that each cache is cleared within its
   * own staleness bound from that moment on. What such a cache is filled with meanwhile goes with
   * it; what it is filled with after its next clear, for whatever reason, is confirmed again.
   *
   * @param confirmedNanos the last moment that was confirmed before the loss was suspected
   */
  void distrust(long confirmedNanos);
}
