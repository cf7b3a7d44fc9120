package io.github.cacheinvalidation.internal.transaction;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The values that one transaction has loaded, so that it does not load them again. Only the thread
 * of the transaction reads them. Another thread may add one, because a future may complete there.
 */
final class KeptLoads {

  /** The most values a transaction keeps. It loads any further key again at each lookup. */
  static final int MOST = 10_000;

  private final AtomicInteger keeping;

  private final Map<WriteTarget, Map<Object, KeptLoad>> targets = new HashMap<>();

  private int size;

  private int savepointRollbacks;

  private boolean counted;

  private boolean ended;

  /**
   * Creates an empty collection.
   *
   * @param keeping counts the transactions of the node that keep at least one value
   */
  KeptLoads(AtomicInteger keeping) {
    this.keeping = keeping;
  }

  /**
   * Keeps a value, unless the transaction has ended, or was rolled back to a savepoint since the
   * load began.
   */
  synchronized void keep(int rollbacksAtBegin, WriteTarget target, Object key, KeptLoad load) {
    if (ended || rollbacksAtBegin != savepointRollbacks) {
      return;
    }
    if (!counted) {
      counted = true;
      keeping.incrementAndGet();
    }
    Map<Object, KeptLoad> loads = targets.computeIfAbsent(target, first -> new HashMap<>());
    if (size < MOST) {
      size += loads.put(key, load) == null ? 1 : 0;
    } else {
      loads.replace(key, load);
    }
  }

  synchronized @Nullable KeptLoad get(WriteTarget target, Object key) {
    Map<Object, KeptLoad> loads = targets.get(target);
    return loads == null ? null : loads.get(key);
  }

  /** Forgets all values, because the rollback may have undone changes that the loads read. */
  synchronized void rolledBackToSavepoint() {
    savepointRollbacks++;
    targets.clear();
    size = 0;
  }

  /** Forgets all values, and keeps none from now on. */
  synchronized void end() {
    ended = true;
    targets.clear();
    if (counted) {
      counted = false;
      keeping.decrementAndGet();
    }
  }
}
