package io.github.cacheinvalidation.internal.transaction;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction has loaded, so that it does not load the same again. Only the thread of the
 * transaction looks here; a future may complete on another thread and keep its value here.
 */
final class KeptLoads {

  /** A transaction that has loaded more than this loads the rest again each time. */
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
   * @param keeping counts the transactions of the node that keep something
   */
  KeptLoads(AtomicInteger keeping) {
    this.keeping = keeping;
  }

  /** Keeps a value, unless the transaction was rolled back to a savepoint since, or has ended. */
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

  /** Forgets everything, since a rollback to a savepoint may have undone what the loads saw. */
  synchronized void rolledBackToSavepoint() {
    savepointRollbacks++;
    targets.clear();
    size = 0;
  }

  /** Forgets everything, and keeps nothing from now on. */
  synchronized void end() {
    ended = true;
    targets.clear();
    if (counted) {
      counted = false;
      keeping.decrementAndGet();
    }
  }
}
