package io.github.cacheinvalidation.internal.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the maintenance of a Caffeine cache run in the common pool, as Caffeine does by itself, where
 * that is worth it. What a store asks for within a millisecond of another is little, and its own
 * thread does it: to wake one of the pool takes longer, and the entries would have to come from
 * another processor. After a pause much may have expired, and the pool does it, as it does what
 * reads ask for, which must not wait for the lock of an entry. The maintenance of a batch is done
 * by the thread which made it, once, when the batch is through.
 *
 * <p>Safe for use by any thread. It is not for caches with listeners of the application: those
 * would be called by the thread of the batch too.
 */
public final class MaintenanceExecutor implements Executor {

  private static final Logger log = LoggerFactory.getLogger(MaintenanceExecutor.class);

  private static final ThreadLocal<@Nullable List<Runnable>> HELD_BACK = new ThreadLocal<>();

  /** Stands for a store in place of what a batch holds back. */
  private static final List<Runnable> STORE = List.of();

  private static final long RECENT_NANOS = 1_000_000;

  private final LongSupplier nanoTime;

  /** When a store asked for maintenance last. A lost update moves it by next to nothing. */
  private volatile long lastNanos;

  /**
   * Creates it for one instance of a cache.
   *
   * @param nanoTime a monotonic clock
   */
  public MaintenanceExecutor(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lastNanos = nanoTime.getAsLong() - RECENT_NANOS;
  }

  @Override
  public void execute(Runnable maintenance) {
    List<Runnable> tasks = HELD_BACK.get();
    if (tasks == null || (tasks == STORE && !isRecent())) {
      ForkJoinPool.commonPool().execute(maintenance);
    } else if (tasks == STORE) {
      maintenance.run();
    } else {
      tasks.add(maintenance);
    }
  }

  private boolean isRecent() {
    long now = nanoTime.getAsLong();
    boolean recent = now - lastNanos < RECENT_NANOS;
    lastNanos = now;
    return recent;
  }

  /**
   * Stores an entry.
   *
   * @param store stores it
   * @return what the store returned
   */
  static @Nullable Object store(Supplier<? extends @Nullable Object> store) {
    HELD_BACK.set(STORE);
    try {
      return store.get();
    } finally {
      HELD_BACK.set(null); // not removed, since the next store is near
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
