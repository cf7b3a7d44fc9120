package io.github.cacheinvalidation.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the maintenance of a Caffeine cache run in the common pool, as Caffeine does by itself, but
 * that of a batch by the thread which made it, once, when the batch is through. A thread that
 * removes many keys would otherwise wake another every few keys, and for entries that its own
 * processor has at hand.
 *
 * <p>Safe for use by any thread. It is not for caches with listeners of the application: those
 * would be called by the thread of the batch too.
 */
final class MaintenanceExecutor implements Executor {

  /** The only one; what is held back belongs to a thread. */
  static final MaintenanceExecutor INSTANCE = new MaintenanceExecutor();

  private static final Logger log = LoggerFactory.getLogger(MaintenanceExecutor.class);

  private static final ThreadLocal<@Nullable List<Runnable>> HELD_BACK = new ThreadLocal<>();

  private MaintenanceExecutor() {}

  @Override
  public void execute(Runnable maintenance) {
    List<Runnable> tasks = HELD_BACK.get();
    if (tasks == null) {
      ForkJoinPool.commonPool().execute(maintenance);
    } else {
      tasks.add(maintenance);
    }
  }

  /**
   * Runs a batch, and after it the maintenance that it asked for, even if it throws.
   *
   * @param batch changes caches; must not run another batch
   */
  static void runBatch(Runnable batch) {
    List<Runnable> tasks = new ArrayList<>(1);
    HELD_BACK.set(tasks);
    try {
      batch.run();
    } finally {
      HELD_BACK.remove();
      tasks.forEach(MaintenanceExecutor::run);
    }
  }

  private static void run(Runnable maintenance) {
    try {
      maintenance.run();
    } catch (RuntimeException broken) { // as the pool does; the next maintenance goes on
      log.warn("The maintenance of a cache failed; the next one makes up for it", broken);
    }
  }
}
