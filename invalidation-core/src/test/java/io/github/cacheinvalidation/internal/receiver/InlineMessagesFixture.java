package io.github.cacheinvalidation.internal.receiver;

import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.status.StatusTracker;
import io.github.cacheinvalidation.testing.ScriptedChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;

/**
 * A receiver with its threads, over a channel whose messages the test delivers on its own thread.
 */
abstract class InlineMessagesFixture {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  final ScriptedChannel server = new ScriptedChannel();

  final List<String> applied = new CopyOnWriteArrayList<>();

  final List<Thread> threads = new CopyOnWriteArrayList<>();

  private final AtomicInteger joined = new AtomicInteger();

  volatile OptionalLong now = OptionalLong.empty();

  volatile Runnable whileApplied = () -> {};

  /** How often the clock has no memory to answer from now on. */
  final AtomicInteger brokenReadings = new AtomicInteger();

  private final CoherenceWatermark watermark = new CoherenceWatermark(System.nanoTime());

  final ReceiverLifecycle coherence =
      new ReceiverLifecycle(
          new MessageReader(List.of()),
          new LocalCaches() {
            @Override
            public void apply(List<Invalidation<WireKey>> invalidations) {
              threads.add(Thread.currentThread());
              invalidations.forEach(
                  each -> applied.add(((Invalidation.Whole<WireKey>) each).cache()));
              whileApplied.run();
            }

            @Override
            public void clearAll(ClearReason reason) {}

            @Override
            public void markSuspect(long confirmedNanos) {}
          },
          watermark,
          new ReceiverSettings(
              Duration.ofSeconds(60), Duration.ofSeconds(600), Duration.ofSeconds(60), 1 << 21),
          new InvalidationObserver() {
            @Override
            public void joined() {
              joined.incrementAndGet();
            }
          },
          new StatusTracker(
              new InvalidationObserver() {}, watermark, System::nanoTime, InstantSource.system()),
          new Random(1),
          () -> {
            if (brokenReadings.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
              throw new OutOfMemoryError("Injected");
            }
            return now.orElseGet(System::nanoTime);
          });

  void join() {
    coherence.start(server, "me/1");
    await().atMost(PATIENCE).until(() -> joined.get() == 1);
    awaitIdle();
  }

  /** The receiver's thread has nothing to do for the next minute. */
  static void awaitIdle() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("cache-invalidation-receiver"))
                    .allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
  }

  @AfterEach
  void stop() {
    whileApplied = () -> {};
    coherence.stop();
  }

  static byte[] message(int number, int predecessor, String cache) {
    return ReceiverFixture.bytes(
        "{\"pos\":\"%d-0/n\",\"prev\":\"%d-0/n\",\"v\":1,\"from\":\"o/1\",\"body\":1,\"caches\":{\"%s\":\"*\"}}"
            .formatted(number, predecessor, cache));
  }

  static void awaitUninterruptibly(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
