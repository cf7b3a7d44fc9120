package io.github.cacheinvalidation.convergence;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * The loaders of one node's caches. They read the store at once, slowly, on another thread, or not
 * at all.
 */
final class Loaders {

  private static final Executor ELSEWHERE =
      Executors.newFixedThreadPool(
          4,
          task -> {
            Thread thread = new Thread(task, "convergence-loader");
            thread.setDaemon(true);
            return thread;
          });

  private static final ThreadLocal<Plan> PLAN = ThreadLocal.withInitial(Plan::new);

  private final String node;

  private final Store store;

  private final Settings settings;

  Loaders(String node, Store store, Settings settings) {
    this.node = node;
    this.store = store;
    this.settings = settings;
  }

  /** How the loaders of the calling thread's next call behave, and whether one was called. */
  static final class Plan {

    private long before;

    private long after;

    private boolean fails;

    private boolean elsewhere;

    private boolean called;

    /** Returns whether the call that is being made has called a loader of its own. */
    boolean wasCalled() {
      return called;
    }
  }

  /** Draws how the loaders of the calling thread's next call behave. */
  static Plan draw(RandomGenerator random) {
    Plan plan = PLAN.get();
    plan.called = false;
    plan.before = 0;
    plan.after = 0;
    plan.fails = false;
    plan.elsewhere = false;
    int dice = random.nextInt(1000);
    if (dice < 60) {
      plan.before = dice % 2 == 0 ? 0 : millis(random, dice);
      plan.after = dice % 2 == 0 ? millis(random, dice) : 0;
      plan.elsewhere = dice % 3 == 0;
    } else if (dice < 65) {
      plan.fails = true;
    } else {
      plan.elsewhere = dice % 50 == 0;
    }
    return plan;
  }

  private static long millis(RandomGenerator random, int dice) {
    return random.nextInt(1, dice < 6 ? 250 : 12);
  }

  Value load(Key key) {
    Plan plan = PLAN.get();
    plan.called = true;
    return load(key, plan.before, plan.after, plan.fails);
  }

  /** Reads on the calling thread where it is in a transaction, since only there it sees it. */
  CompletableFuture<Value> loadLater(Key key) {
    Plan plan = PLAN.get();
    plan.called = true;
    long before = plan.before;
    long after = plan.after;
    boolean fails = plan.fails;
    if (!plan.elsewhere) {
      return CompletableFuture.completedFuture(load(key, before, after, fails));
    }
    if (store.current() == null) {
      return CompletableFuture.supplyAsync(() -> load(key, before, after, fails), ELSEWHERE);
    }
    Value value = read(key);
    return CompletableFuture.supplyAsync(
        () -> {
          pause(after);
          return value.loaded();
        },
        ELSEWHERE);
  }

  private Value load(Key key, long before, long after, boolean fails) {
    pause(before);
    Value value = read(key);
    pause(after);
    if (fails) {
      throw new LoaderFailure();
    }
    return value.loaded();
  }

  private Value read(Key key) {
    long at = System.nanoTime();
    Value value = store.read(key);
    settings.history().loaded(at, node, key, value);
    settings.counters().add("loads", key.cache());
    return value;
  }

  /** Writes, and takes a while to return, so that other nodes can write meanwhile. */
  Value write(Key product) {
    Value value = new Value(store.write((int) product.id()));
    pause(PLAN.get().after);
    return value.loaded();
  }

  /** Lets the next write of the calling thread take a while, one time in four. */
  static void drawSlowWrite(RandomGenerator random) {
    PLAN.get().after = random.nextInt(4) == 0 ? random.nextInt(1, 25) : 0;
  }

  static void pause(long millis) {
    if (millis > 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
  }

  /** A loader that brings nothing. */
  static final class LoaderFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LoaderFailure() {
      super("Injected: the loader failed", null, false, false);
    }
  }
}
