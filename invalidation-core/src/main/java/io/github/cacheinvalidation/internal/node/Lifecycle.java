package io.github.cacheinvalidation.internal.node;

import io.github.cacheinvalidation.internal.outbox.NodeThreads;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs the start, stop and close of a node, normally on the calling thread. If that is a node
 * thread, or is already starting or stopping this node, the action runs on a separate thread, in
 * order. The separate thread ends after one second without an action.
 */
final class Lifecycle {

  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          task -> {
            Thread created = new Thread(task, "cache-invalidation-lifecycle");
            created.setDaemon(true);
            return created;
          });

  Lifecycle() {
    thread.allowCoreThreadTimeOut(true);
  }

  void run(Runnable change, boolean withinAnother) {
    if (withinAnother || NodeThreads.includeCurrent()) {
      thread.execute(change);
    } else {
      change.run();
    }
  }
}
