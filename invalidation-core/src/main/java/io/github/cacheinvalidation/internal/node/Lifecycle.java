package io.github.cacheinvalidation.internal.node;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs what starts or ends a node: on the calling thread, or, if that is one of a node's own or is
 * starting or ending this one already, in order on one that waits for nobody's answers. It is gone
 * a second after it had nothing to do.
 */
final class Lifecycle {

  /** How the names of all threads of nodes begin. */
  private static final String NODE_THREADS = "cache-invalidation-";

  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          task -> {
            Thread created = new Thread(task, NODE_THREADS + "lifecycle");
            created.setDaemon(true);
            return created;
          });

  Lifecycle() {
    thread.allowCoreThreadTimeOut(true);
  }

  void run(Runnable change, boolean withinAnother) {
    if (withinAnother || Thread.currentThread().getName().startsWith(NODE_THREADS)) {
      thread.execute(change);
    } else {
      change.run();
    }
  }
}
