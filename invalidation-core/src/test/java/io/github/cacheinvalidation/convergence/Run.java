package io.github.cacheinvalidation.convergence;

import static java.util.Objects.requireNonNull;

import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.testing.FaultyChannel;
import io.github.cacheinvalidation.testing.TestRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One run: readers and writers on all nodes all the time, in rounds of faults. At the end of a
 * round the writers rest, all faults are healed, and every node must converge to the content of the
 * database.
 */
final class Run implements AutoCloseable {

  private static final int READERS = 4;

  private static final int WRITERS = 3;

  private static final long ROUND_SECONDS = 4;

  private final Settings settings;

  private final Judge judge;

  private final Store store;

  private final TestRedis redis = TestRedis.started();

  private final List<ConvergenceNode> nodes = new ArrayList<>();

  private final Faults.Server serverFaults;

  private final Faults.Node nodeFaults;

  private final SplittableRandom seeds;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  private final ReentrantReadWriteLock writing = new ReentrantReadWriteLock(true);

  private volatile boolean stopped;

  private volatile long roundEnds;

  private volatile @Nullable Throwable broken;

  Run(Settings settings) {
    this.settings = settings;
    this.judge = new Judge(settings.history(), Settings.BOUND.toNanos());
    this.store = new Store(settings.history());
    this.seeds = new SplittableRandom(settings.seed());
    for (int number = 0; number < settings.nodes(); number++) {
      nodes.add(
          new ConvergenceNode(
              number,
              settings,
              isOfLettuce(number) ? redis.lettuce() : redis.jedis(),
              store,
              judge));
    }
    this.serverFaults = new Faults.Server(redis, nodes, new Random(seeds.nextLong()), settings);
    this.nodeFaults = new Faults.Node(nodes, new Random(seeds.nextLong()), settings);
  }

  private boolean isOfLettuce(int node) {
    return node % 2 == 0 || settings.feed(node) == FeedKind.SHARDED_PUBSUB;
  }

  Judge judge() {
    return judge;
  }

  /** Runs until a condition holds, a thread of the test breaks, or the time is over. */
  void until(BooleanSupplier done) throws InterruptedException, ExecutionException {
    nodes.forEach(ConvergenceNode::start);
    for (ConvergenceNode node : nodes) {
      if (!node.awaitJoined()) {
        throw new IllegalStateException("Waited too long: " + settings.toRepeat());
      }
    }
    for (int i = 0; i < READERS; i++) {
      Reads reads = reads();
      background(() -> readSome(reads));
    }
    for (int i = 0; i < WRITERS; i++) {
      RandomGenerator random = seeds.split();
      Writes writes = new Writes(nodes, store, settings.counters(), random, reads());
      background(() -> writeOne(writes, random));
    }
    while (!done.getAsBoolean() && broken == null) {
      round(done);
    }
    stopped = true;
    if (broken != null) {
      throw new IllegalStateException("The test itself broke: " + settings.toRepeat(), broken);
    }
  }

  /** Whether every fault was done at least once. */
  boolean hadAllFaults() {
    return !serverFaults.missesOne() && !nodeFaults.missesOne();
  }

  private Reads reads() {
    return new Reads(nodes, store, judge, settings.counters(), seeds.split());
  }

  private void background(Runnable step) {
    threads.execute(
        () -> {
          try {
            while (!stopped) {
              step.run();
            }
          } catch (Throwable failure) {
            if (!stopped) {
              broken = failure;
            }
          }
        });
  }

  private static void readSome(Reads reads) {
    reads.some();
    Loaders.pause(1);
  }

  private void writeOne(Writes writes, RandomGenerator random) {
    writing.readLock().lock();
    try {
      writes.one();
    } finally {
      writing.readLock().unlock();
    }
    boolean ending = roundEnds - System.nanoTime() < TimeUnit.SECONDS.toNanos(1);
    if (ending) {
      Loaders.pause(random.nextInt(100, 700)); // or later writes would make up for lost ones
    } else {
      Loaders.pause(isBusy() ? random.nextInt(2, 12) : random.nextInt(40, 160));
    }
  }

  /** Busy and quiet times take turns, since an entry that is always replaced never gets stale. */
  private boolean isBusy() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime()) / 1500 % 2 == 0;
  }

  private void round(BooleanSupplier done) throws InterruptedException, ExecutionException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ROUND_SECONDS);
    roundEnds = end;
    BooleanSupplier over =
        () -> stopped || broken != null || end - System.nanoTime() < 0 || done.getAsBoolean();
    List<Future<?>> inflicting =
        List.of(
            threads.submit(() -> serverFaults.until(over)),
            threads.submit(() -> nodeFaults.until(over)));
    for (Future<?> each : inflicting) {
      each.get();
    }
    if (done.getAsBoolean()) {
      return;
    }
    writing.writeLock().lock();
    try {
      nodes.forEach(node -> node.channels().forEach(FaultyChannel::heal));
      settings.history().happened(null, "healed", "no faults and no writes from here on");
      converge();
    } finally {
      writing.writeLock().unlock();
    }
    settings.counters().add("rounds", "converged");
  }

  private void converge() {
    long deadline = System.nanoTime() + Settings.PATIENCE.toNanos();
    String[] missing = {""};
    while (!judge.hasViolation() && broken == null) {
      Key lost = store.notAccepted();
      if (lost == null) {
        Key different = differs(missing);
        if (different == null) {
          return;
        }
        if (deadline - System.nanoTime() < 0) {
          judge.violated("G3", missing[0], different, "not what the database has");
        }
      } else if (deadline - System.nanoTime() < 0) {
        judge.violated("G5", "any node", lost, "never published that it is stale");
      }
      Loaders.pause(5);
    }
  }

  /** Returns a key that a node shows otherwise than the database; null if there is none. */
  private @Nullable Key differs(String[] where) {
    Version[] newest = store.newest();
    for (ConvergenceNode node : nodes) {
      for (int id = 0; id < Key.PRODUCTS + Key.LISTS; id++) {
        Key key = id < Key.PRODUCTS ? Key.product(id) : Key.list(id - Key.PRODUCTS);
        Value value = requireNonNull(node.cache(key).get(key, () -> store.read(key).loaded()));
        for (int i = 0; i < key.products().length; i++) {
          if (value.version(i) != newest[key.products()[i]]) {
            where[0] = node.name();
            return key;
          }
        }
      }
    }
    return null;
  }

  /** Returns the events as text for people. */
  String report() {
    return String.format(
        "%s%n%s%n  worst staleness: %d ms after Redis had accepted, %d ms after the commit",
        settings.toRepeat(),
        settings.counters(),
        judge.worstStalenessMillis(),
        judge.worstSinceCommitMillis());
  }

  @Override
  public void close() {
    stopped = true;
    threads.shutdown();
    try {
      if (!threads.awaitTermination(Settings.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("Threads of the test do not end");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    nodes.forEach(ConvergenceNode::close);
    redis.close();
  }
}
