package io.github.cacheinvalidation.coherence;

import io.github.cacheinvalidation.observer.ClearReason;
import io.github.cacheinvalidation.wire.Invalidation;
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
  void apply(List<Invalidation> invalidations);

  /**
   * Clears every cache that listens to the channel.
   *
   * @param reason why
   */
  void clearAll(ClearReason reason);
}
