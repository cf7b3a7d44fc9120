package io.github.cacheinvalidation.internal.judge;

import io.github.cacheinvalidation.SourceOfTruth;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Compares a few random entries of a node with their source of truth, on a thread of its own, while
 * the node is started and there is a source. Otherwise it has no thread. Safe for use by any
 * thread.
 */
public final class CacheJudge {

  private static final String THREAD = "cache-invalidation-judge";

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(2);

  /** The sources, and what is done with them. */
  private record Task(
      List<SourceOfTruth> sources, JudgeSettings settings, JudgeListener listener) {}

  /** A loop, its steps, and the executor that runs them. */
  private record Running(JudgeLoop loop, Future<?> steps, ScheduledExecutorService executor) {}

  private final Function<String, @Nullable JudgedCache> caches;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final BooleanSupplier coherent;
  private final Map<String, JudgeCounters> counters = new ConcurrentHashMap<>();
  private final Object lock = new Object();
  private @Nullable Task task;
  private @Nullable Running running;
  private boolean started;
  private volatile @Nullable Thread thread;

  /**
   * Creates a judge without sources.
   *
   * @param caches returns the cache of a name; null if there is none yet, or if it has no bound
   * @param nanoTime the monotonic clock of the watermarks
   * @param random draws entries
   * @param coherent whether the node is coherent at present
   */
  public CacheJudge(
      Function<String, @Nullable JudgedCache> caches,
      LongSupplier nanoTime,
      RandomGenerator random,
      BooleanSupplier coherent) {
    this.caches = caches;
    this.nanoTime = nanoTime;
    this.random = random;
    this.coherent = coherent;
  }

  /**
   * Sets the sources, which are read from now on while the node is started.
   *
   * @param sources the sources, each of another cache
   * @throws IllegalArgumentException if two sources are of one cache
   * @throws IllegalStateException if there are sources already
   */
  public void watch(
      List<? extends SourceOfTruth> sources, JudgeSettings settings, JudgeListener listener) {
    Map<String, SourceOfTruth> byCache = new HashMap<>();
    for (SourceOfTruth source : sources) {
      SourceOfTruth other = byCache.put(source.cache(), source);
      if (other != null) {
        throw new IllegalArgumentException(
            "'cache' of "
                + source.getClass().getName()
                + " must differ from that of "
                + other.getClass().getName()
                + ", but both are "
                + source.cache());
      }
    }
    synchronized (lock) {
      if (task != null) {
        throw new IllegalStateException("There are sources already");
      }
      task = new Task(List.copyOf(sources), settings, listener);
      byCache.keySet().forEach(this::counters);
      begin();
    }
  }

  /** Begins to compare, if there are sources. Returns at once. */
  public void start() {
    synchronized (lock) {
      started = true;
      begin();
    }
  }

  private void begin() {
    Task present = task;
    if (!started || present == null || present.sources().isEmpty()) {
      return;
    }
    double rate = present.settings().rate();
    if (rate == 0) {
      return;
    }
    JudgeLoop loop =
        new JudgeLoop(
            present.sources(),
            this::counters,
            caches,
            nanoTime,
            random,
            coherent,
            present.settings().evict(),
            present.listener());
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(this::daemon);
    long pause = (long) (TimeUnit.SECONDS.toNanos(1) / rate);
    Future<?> steps =
        executor.scheduleWithFixedDelay(loop::step, pause, pause, TimeUnit.NANOSECONDS);
    running = new Running(loop, steps, executor);
  }

  private JudgeCounters counters(String cache) {
    return counters.computeIfAbsent(cache, name -> new JudgeCounters());
  }

  private Thread daemon(Runnable loop) {
    Thread made = new Thread(loop, THREAD);
    made.setDaemon(true);
    thread = made;
    return made;
  }

  /** Stops to compare. Waits for a read that is under way, for two seconds at most. */
  public void stop() {
    end(true);
  }

  /** Removes the sources. Waits for a read that is under way, for two seconds at most. */
  public void release() {
    end(false);
  }

  private void end(boolean ofNode) {
    Running ending;
    synchronized (lock) {
      ending = running;
      running = null;
      if (ofNode) {
        started = false;
      } else {
        task = null;
      }
    }
    if (ending != null) {
      ending.steps().cancel(false);
      ending.executor().shutdown();
      if (!awaitEnd(ending.executor())) {
        ending.loop().end();
        ending.executor().shutdownNow();
      }
    }
  }

  /** Not before that time, because an interrupt can close a database in this process. */
  private boolean awaitEnd(ScheduledExecutorService executor) {
    if (Thread.currentThread() == thread) {
      return true; // a source stops the node; the thread ends after the read
    }
    try {
      return executor.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Returns what was found in each cache that has, or had, a source. */
  public List<JudgeStatistics> statistics() {
    return counters.entrySet().stream()
        .map(each -> each.getValue().of(each.getKey()))
        .sorted(Comparator.comparing(JudgeStatistics::cache))
        .toList();
  }
}
