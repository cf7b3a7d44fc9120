package io.github.cacheinvalidation.internal.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.message.ChainFields;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.message.Position;
import io.github.cacheinvalidation.internal.status.StatusTracker;
import io.github.cacheinvalidation.testing.ScriptedChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A short message is applied by the thread that delivers it, where that changes nothing else. */
@Tag("G3")
@Tag("G8")
class InlineMessagesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ScriptedChannel server = new ScriptedChannel();

  private final List<String> applied = new CopyOnWriteArrayList<>();

  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  private final AtomicInteger joined = new AtomicInteger();

  private volatile OptionalLong now = OptionalLong.empty();

  private volatile Runnable whileApplied = () -> {};

  /** How often the clock has no memory to answer from now on. */
  private final AtomicInteger brokenReadings = new AtomicInteger();

  private final CoherenceWatermark watermark = new CoherenceWatermark(System.nanoTime());

  private final ReceiverLifecycle coherence =
      new ReceiverLifecycle(
          new MessageReader(List.of()),
          new Replica() {
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
            public void distrust(long confirmedNanos) {}
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

  private void join() {
    coherence.start(server, "me/1");
    await().atMost(PATIENCE).until(() -> joined.get() == 1);
    awaitIdle();
  }

  /** The receiver's thread has nothing to do for the next minute. */
  private static void awaitIdle() {
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

  private static byte[] message(int number, int predecessor, String cache) {
    return ReceiverFixture.bytes(
        "{\"pos\":\"%d-0/n\",\"prev\":\"%d-0/n\",\"v\":1,\"from\":\"o/1\",\"body\":1,\"caches\":{\"%s\":\"*\"}}"
            .formatted(number, predecessor, cache));
  }

  /** The common pool may have a single thread, which another task of the test keeps. */
  private static final Executor ON_A_THREAD = task -> new Thread(task).start();

  private static CompletableFuture<Void> onAThread(Runnable task) {
    return CompletableFuture.runAsync(task, ON_A_THREAD);
  }

  @Test
  void aShortMessage_isAppliedByTheThreadThatDeliversIt() {
    join();

    server.deliver(message(1, 0, "a"), false);

    assertThat(applied).containsExactly("a");
    assertThat(threads).containsExactly(Thread.currentThread());
  }

  @Test
  void aLongMessage_isLeftToTheReceiver() {
    join();

    server.deliver(message(1, 0, "a".repeat(2000)), false);

    await().atMost(PATIENCE).until(() -> applied.size() == 1);
    assertThat(threads).doesNotContain(Thread.currentThread());
  }

  @Test
  void aMessageWithoutAPosition_isLeftToTheReceiver() {
    join();

    server.deliver(ReceiverFixture.bytes("{\"cache\":\"a\"}"), false);

    await().atMost(PATIENCE).until(() -> applied.contains("a"));
    assertThat(threads).doesNotContain(Thread.currentThread());
  }

  @Test
  void aMessageOfAnOpenChannel_isLeftToTheReceiver() {
    join();

    server.deliver(ReceiverFixture.bytes("{\"pos\":\"x\",\"cache\":\"a\"}"), true);

    await().atMost(PATIENCE).until(() -> applied.contains("a"));
    assertThat(threads).doesNotContain(Thread.currentThread());
  }

  @Test
  void aFormOfSomebodyElseInTheChain_isLeftToTheReceiver() {
    join();

    server.deliver(
        ReceiverFixture.bytes("{\"pos\":\"1-0/n\",\"prev\":\"0-0/n\",\"cache\":\"a\"}"), false);

    await().atMost(PATIENCE).until(() -> applied.contains("a"));
    assertThat(threads).doesNotContain(Thread.currentThread());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"ahead\":\"x\",\"v\":nope}",
        "{\"ahead\":\"x\",\"v\":12}",
        "{\"pos\":\"\u0001\",\"prev\":\"\",\"v\":1,\"x\":1}",
        "{\"pos\":\"1-0/n\",\"prev\":\"0-0/n\"}",
        "{\"pos\":\"1-0/n"
      })
  void whatMayBeOfSomebodyElse_isNoShortMessage(String payload) {
    assertThat(ShortMessages.include(ChainFields.cutOff(ReceiverFixture.bytes(payload), false)))
        .isFalse();
  }

  @Test
  void anAnnouncement_isAppliedByTheThreadThatDeliversIt() {
    join();

    server.deliver(
        ReceiverFixture.bytes(
            "{\"ahead\":\"n\",\"v\":1,\"from\":\"o/1\",\"body\":1,\"caches\":{\"a\":\"*\"}}"),
        false);

    assertThat(applied).containsExactly("a");
    assertThat(threads).containsExactly(Thread.currentThread());
  }

  @Test
  void manyWithoutAPause_areTheReceiversInTheEnd() {
    join();
    long begin = System.nanoTime();
    int many = 100;

    for (int number = 1; number <= many; number++) {
      now = OptionalLong.of(begin + number * 20_000L);
      server.deliver(message(number, number - 1, "m" + (100 + number)), false);
    }

    await().atMost(PATIENCE).until(() -> applied.size() == many);
    assertThat(applied).isSorted();
    assertThat(threads.get(0)).isSameAs(Thread.currentThread());
    assertThat(threads.subList(40, many)).doesNotContain(Thread.currentThread());
  }

  @Test
  void aThreadOfTheApplication_appliesNothing() {
    server.deliverOnThreadsOfTheApplication();
    join();

    server.deliver(message(1, 0, "a"), false);

    await().atMost(PATIENCE).until(() -> applied.contains("a"));
    assertThat(threads).doesNotContain(Thread.currentThread());
  }

  @Test
  void whileTheReceiverIsBusy_whoDeliversDoesNotWaitAndTheOrderStays() throws Exception {
    join();
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    whileApplied =
        () -> {
          busy.countDown();
          awaitUninterruptibly(goOn);
        };
    server.deliver(message(1, 0, "a".repeat(2000)), false);
    assertThat(busy.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

    server.deliver(message(2, 1, "b"), false);
    server.deliver(message(3, 2, "c"), false);
    assertThat(applied).hasSize(1);
    goOn.countDown();

    await().atMost(PATIENCE).until(() -> applied.size() == 3);
    assertThat(applied.subList(1, 3)).containsExactly("b", "c");
    assertThat(server.reads()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shortAndLongMessages_areAppliedInTheirOrder(long seed) {
    join();
    Random random = new Random(seed);
    int many = 1_500; // all of them fit into the queue

    for (int number = 1; number <= many; number++) {
      String cache = "m" + (10_000 + number) + "x".repeat(random.nextInt(4) == 0 ? 1_000 : 0);
      server.deliver(message(number, number - 1, cache), false);
      if (random.nextInt(16) == 0) {
        LockSupport.parkNanos(1_000);
      }
    }

    await().atMost(PATIENCE).until(() -> applied.size() == many);
    assertThat(applied).isSorted();
    assertThat(server.reads()).isZero();
  }

  @Test
  void aGapThatAShortMessageReveals_isReadAtOnce() {
    join();
    server.entries().add(new LogEntry(new Position("0-0", "n"), ReceiverFixture.bytes("{}")));
    server.entries().add(new LogEntry(new Position("1-0", "n"), body("lost")));
    server.entries().add(new LogEntry(new Position("2-0", "n"), body("b")));

    server.deliver(message(2, 1, "b"), false);

    await().atMost(PATIENCE).until(() -> applied.contains("lost"));
  }

  @Test
  void whatIsDueSoonerAfterAShortMessage_isDoneInTime() {
    join();
    for (int number = 0; number <= 4; number++) {
      server.entries().add(new LogEntry(new Position(number + "-0", "n"), body("m" + number)));
    }
    server.deliver(message(2, 1, "m2"), false);
    await().atMost(PATIENCE).until(() -> applied.contains("m4"));
    awaitIdle();
    server.entries().clear();
    for (int number = 4; number <= 6; number++) {
      server.entries().add(new LogEntry(new Position(number + "-0", "n"), body("m" + number)));
    }

    server.deliver(message(6, 5, "m6"), false);

    await().atMost(PATIENCE).until(() -> applied.contains("m5"));
  }

  private static byte[] body(String cache) {
    return ReceiverFixture.bytes(
        "{\"v\":1,\"from\":\"o/1\",\"body\":1,\"caches\":{\"" + cache + "\":\"*\"}}");
  }

  @Test
  void anErrorWhileAShortMessageIsApplied_doesNotReachWhoDeliversIt() {
    join();
    whileApplied =
        () -> {
          throw new NoClassDefFoundError("Injected");
        };

    server.deliver(message(1, 0, "a"), false);

    whileApplied = () -> {};
    assertThat(applied).containsExactly("a");
  }

  @Test
  void anErrorOutsideOfAMessage_doesNotEndTheReceiver() {
    join();
    whileApplied = () -> brokenReadings.set(2); // in its turn, and where that is made up for
    server.deliver(message(1, 0, "a".repeat(2000)), false);
    await().atMost(PATIENCE).until(() -> applied.size() == 1 && brokenReadings.get() == 0);
    whileApplied = () -> {};

    server.deliver(message(2, 1, "b".repeat(2000)), false);

    await().atMost(PATIENCE).until(() -> applied.size() == 2);
  }

  @Test
  void stop_waitsForAShortMessageThatIsBeingApplied() throws Exception {
    join();
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    whileApplied =
        () -> {
          busy.countDown();
          awaitUninterruptibly(goOn);
        };
    CompletableFuture<Void> delivered = onAThread(() -> server.deliver(message(1, 0, "a"), false));
    assertThat(busy.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

    CompletableFuture<Void> stopped = onAThread(coherence::stop);
    await().atMost(PATIENCE).until(() -> receivers() == 0);
    assertThat(stopped).isNotDone();
    goOn.countDown();

    assertThat(stopped).succeedsWithin(PATIENCE);
    assertThat(delivered).succeedsWithin(PATIENCE);
    server.deliver(message(2, 1, "b"), false);
    assertThat(applied).containsExactly("a");
  }

  @Test
  void stopByWhoDelivers_endsTheThread() {
    join();
    whileApplied = coherence::stop;

    server.deliver(message(1, 0, "a"), false);

    await().atMost(PATIENCE).until(() -> receivers() == 0);
  }

  private static long receivers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("cache-invalidation-receiver"))
        .count();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
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
