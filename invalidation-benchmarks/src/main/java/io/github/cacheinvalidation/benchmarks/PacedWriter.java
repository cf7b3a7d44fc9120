package io.github.cacheinvalidation.benchmarks;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.springframework.cache.Cache;

/** Evicts key by key on a node of ours, and waits while too many keys are pending in its outbox. */
final class PacedWriter {

  private static final int PENDING_AT_MOST = 20_000;

  private static final int KEYS_BETWEEN_LOOKS = 256;

  private final OurNode node;

  private final Function<Object, Cache> cacheOf;

  /**
   * Creates a writer.
   *
   * @param node the node whose pending keys it looks at
   * @param cacheOf returns the cache of that node that has a key
   */
  PacedWriter(OurNode node, Function<Object, Cache> cacheOf) {
    this.node = node;
    this.cacheOf = cacheOf;
  }

  void evict(List<Object> keys) {
    int sinceLook = 0;
    for (Object key : keys) {
      cacheOf.apply(key).evict(key);
      if (++sinceLook == KEYS_BETWEEN_LOOKS) {
        sinceLook = 0;
        while (node.node().pendingKeys() > PENDING_AT_MOST) {
          LockSupport.parkNanos(1_000_000);
        }
      }
    }
  }
}
