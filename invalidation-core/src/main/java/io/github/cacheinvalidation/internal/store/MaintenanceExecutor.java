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
 * Runs the maintenance of a Caffeine cache in the common pool, as Caffeine does by default, or on
 * the thread that causes it:
 *
 * <ul>
 *   <li>Maintenance that a read requests runs in the pool, because a read must not wait for the
 *       lock of an entry.
 *   <li>Maintenance that a store requests within a millisecond of another such request is short, so
 *       the storing thread runs it. To wake a pool thread takes longer, and the entries would move
 *       to another processor's cache. After a longer pause many entries may have expired, so the
 *       pool runs it.
 *   <li>Maintenance that a batch of changes requests runs once, after the batch, on the batch's
 *       thread.
 * </ul>
 *
 * <p>Safe for use by any thread. Not for caches with listeners of the application: the thread of
 * the batch would call them too.
 */
public final class MaintenanceExecutor implements Executor {

  private static final Logger log = LoggerFactory.getLogger(MaintenanceExecutor.class);

  private static final ThreadLocal<@Nullable List<Runnable>> HELD_BACK = new ThreadLocal<>();

  /** Marks a store in {@link #HELD_BACK}; a batch sets a list for its postponed maintenance. */
  private static final List<Runnable> STORE = List.of();

  private static final long RECENT_NANOS = 1_000_000;

  private final LongSupplier nanoTime;

  /** When a store last requested maintenance. A lost update changes this time only slightly. */
  private volatile long lastNanos;

  /**
   * Creates an executor for one instance of a cache.
   *
   * @param nanoTime a monotonic clock, in nanoseconds
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
   * Stores an entry, so that its maintenance may run on the calling thread.
   *
   * @param store stores the entry
   * @return the result of {@code store}
   */
  static @Nullable Object store(Supplier<? extends @Nullable Object> store) {
    HELD_BACK.set(STORE);
    try {
      return store.get();
    } finally {
      HELD_BACK.set(null); // not removed, because the next store follows soon
    }
  }

  /**
   * Runs a batch and then the maintenance that it requested, even if the batch throws.
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
    } catch (RuntimeException broken) { // as in the pool, later maintenance still runs
      log.warn("Cache maintenance failed; the next maintenance does the remaining work", broken);
    }
  }
}
