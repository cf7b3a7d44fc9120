package io.github.cacheinvalidation.internal.receiver;

import static io.github.cacheinvalidation.testing.ThreadPerTask.THREAD_PER_TASK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.message.Position;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A gap, an error or the end while a short message is applied is dealt with as with any other
 * message.
 */
@Tag("G3")
@Tag("G8")
class InlineMessagesFaultsTest extends InlineMessagesFixture {

  /** The common pool may have a single thread, which another task of the test keeps. */
  private static CompletableFuture<Void> onAThread(Runnable task) {
    return CompletableFuture.runAsync(task, THREAD_PER_TASK);
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
  void readingThatAShortMessageMakesDueSooner_isDoneInTime() {
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
  void anErrorWhileAShortMessageIsApplied_doesNotReachTheDeliveringThread() {
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
  void stopByTheDeliveringThread_endsTheReceiverThread() {
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
}
