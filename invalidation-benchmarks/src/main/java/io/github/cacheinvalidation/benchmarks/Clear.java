package io.github.cacheinvalidation.benchmarks;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.channel.local.LocalHub;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.receiver.LocalCaches;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * How long the clear of a cache with a million entries delays its readers and the thread that
 * applies invalidations. Both threads have an operation due at fixed times. A sample is the delay
 * of one operation, so that a long pause counts for every operation due in it.
 */
final class Clear {

  private static final int ENTRIES = 1_000_000;

  private static final long TICK_NANOS = 100_000;

  /** Few enough that a pause of 1.5 ms raises the 99th percentile above a millisecond. */
  private static final int TICKS = 500;

  private static final int CLEARED_AT = 50;

  /** A cache, as its readers and the applying thread use it. */
  private record Subject(Runnable fill, LongConsumer read, LongConsumer evict, Runnable clear) {}

  List<Row> measure(Options options) throws InterruptedException {
    LocalHub hub = new LocalHub();
    try (OurNode node = new OurNode("cleared", () -> hub.open("clear"))) {
      Subject ours = ours(node);
      Subject plain = plain();
      double[][] readers = new double[2][options.rounds()];
      double[][] appliers = new double[2][options.rounds()];
      double[][] longest = new double[2][options.rounds()];
      for (int round = -1; round < options.rounds(); round++) {
        Samples[] mine = round(ours);
        Samples[] others = round(plain);
        if (round >= 0) {
          readers[0][round] = mine[0].percentile(99);
          readers[1][round] = others[0].percentile(99);
          appliers[0][round] = mine[1].percentile(99);
          appliers[1][round] = others[1].percentile(99);
          longest[0][round] = Math.max(mine[0].max(), mine[1].max());
          longest[1][round] = Math.max(others[0].max(), others[1].max());
        }
      }
      Target target = Target.atMost(1, "ms");
      return List.of(
          Row.alone("clear readers p99", "ms", readers[0], readers[1], target),
          Row.alone("clear listener p99", "ms", appliers[0], appliers[1], target),
          Row.alone("clear longest", "ms", longest[0], longest[1], Target.none()));
    }
  }

  private static Subject ours(OurNode node) {
    LocalCaches localCaches = node.node().cacheManager().localCaches();
    List<Object> keys = new ArrayList<>();
    for (int i = 0; i < ENTRIES; i++) {
      keys.add("product-" + i);
    }
    return new Subject(
        () -> node.fill(keys),
        i -> node.cache().get("product-" + i),
        i ->
            localCaches.apply(
                List.of(
                    new Invalidation.Keys<>(OurNode.CACHE, List.of(WireKey.text("product-" + i))))),
        () -> localCaches.apply(List.of(new Invalidation.Whole<>(OurNode.CACHE))));
  }

  private static Subject plain() {
    com.github.benmanes.caffeine.cache.Cache<Object, Object> cache = Fleet.caffeine();
    return new Subject(
        () -> {
          for (int i = 0; i < ENTRIES; i++) {
            cache.put("product-" + i, Fleet.VALUE);
          }
        },
        i -> {
          var unused = cache.getIfPresent("product-" + i);
        },
        i -> cache.invalidate("product-" + i),
        cache::invalidateAll);
  }

  /** Returns the delays of the reader and of the applying thread, in milliseconds. */
  private static Samples[] round(Subject subject) throws InterruptedException {
    subject.fill().run();
    System.gc(); // the garbage of filling must not cause a pause in the round
    double[] reads = new double[TICKS];
    double[] evictions = new double[TICKS];
    CountDownLatch ready = new CountDownLatch(1);
    Thread reader = new Thread(() -> ticks(ready, reads, subject.read(), () -> {}));
    Thread applier = new Thread(() -> ticks(ready, evictions, subject.evict(), subject.clear()));
    reader.start();
    applier.start();
    ready.countDown();
    reader.join();
    applier.join();
    return new Samples[] {new Samples(reads), new Samples(evictions)};
  }

  private static void ticks(
      CountDownLatch ready, double[] lateMillis, LongConsumer work, Runnable atOnce) {
    try {
      ready.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    long begin = System.nanoTime();
    for (int tick = 0; tick < lateMillis.length; tick++) {
      long due = begin + tick * TICK_NANOS;
      long early = due - System.nanoTime();
      while (early > 0) {
        LockSupport.parkNanos(early);
        early = due - System.nanoTime();
      }
      if (tick == CLEARED_AT) {
        atOnce.run();
      }
      work.accept(tick * 97L);
      lateMillis[tick] = (System.nanoTime() - due) / 1e6;
    }
  }
}
