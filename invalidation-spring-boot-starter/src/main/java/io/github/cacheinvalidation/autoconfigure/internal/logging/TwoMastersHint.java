package io.github.cacheinvalidation.autoconfigure.internal.logging;

import io.github.cacheinvalidation.internal.message.MessageEventListener;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Logs once that a failover of Redis can leave two masters. A node that is cut off together with
 * the old master sees its checks answered, and does not hear the writes that the new master
 * accepts.
 */
final class TwoMastersHint implements MessageEventListener {

  private final NodeLog log;

  private final AtomicBoolean told = new AtomicBoolean();

  TwoMastersHint(NodeLog log) {
    this.log = log;
  }

  @Override
  public void twoMastersPossible() {
    if (!told.getAndSet(true)) {
      log.info(
          "Redis has replicas, and accepts writes without them (min-replicas-to-write is 0). After"
              + " a failover an isolated master would go on to answer the nodes that reach it, and"
              + " their entries could be stale for longer than their staleness bound. To exclude"
              + " that, set min-replicas-to-write to 1 and min-replicas-max-lag to 10 on each server"
              + " of Redis");
    }
  }
}
