package io.github.cacheinvalidation.internal.outbox;

import static io.github.cacheinvalidation.testing.ThreadPerTask.THREAD_PER_TASK;

import io.github.cacheinvalidation.ForeignMessageWriter;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.testing.RecordingObserver;
import io.github.cacheinvalidation.testing.ScriptedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;

/** An outbox with a channel to which writers can hand their publications. */
abstract class DirectPublicationFixture {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The common pool may have a single thread, which another task of the test keeps. */
  final ScriptedChannel channel = new ScriptedChannel().publishDirectly();

  final RecordingObserver observer = new RecordingObserver();

  private final AtomicInteger nonces = new AtomicInteger();

  /** How many times a writer has paused for its publication. */
  final AtomicInteger pauses = new AtomicInteger();

  final List<ForeignMessageWriter> writers = new ArrayList<>();

  Outbox outbox = outbox(false);

  Outbox outbox(boolean await) {
    return outbox(await, 1);
  }

  /**
   * Returns an outbox.
   *
   * @param most how many publications of writers may be under way
   */
  Outbox outbox(boolean await, int most) {
    return new Outbox(
        new KeyEncoder(List.of()),
        new OutboxSettings(await, Duration.ofSeconds(5), 512, 100_000),
        observer,
        () -> "nonce-" + nonces.incrementAndGet(),
        new Random(3),
        new ForeignPublisher(writers, 100_000, observer, new Random(4)),
        new OutboxState(
            new ReentrantLock(), PATIENCE, most, Duration.ofMillis(500), System::nanoTime),
        new QuietWriterPause(
            System::nanoTime, (batch, longest) -> pauses.incrementAndGet(), new WriterBursts()));
  }

  /** Returns a sender whose thread is not started. */
  Sender sender(OutboxState state) {
    MessagePacker packer = new MessagePacker(new KeyEncoder(List.of()), 512, observer);
    return new Sender(
        state,
        channel,
        new BodyWriter("node", "me"),
        packer,
        observer,
        () -> "nonce",
        new Random(3),
        OutboxFixture.noWriters(),
        null);
  }

  /** Starts, and waits until the sender has nothing to do. */
  void start() {
    outbox.start(channel, new BodyWriter("node", "me"));
    awaitIdleSender();
  }

  static void awaitIdleSender() {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("cache-invalidation-sender"))
                    .allMatch(
                        thread ->
                            thread.getState() == Thread.State.WAITING
                                || thread.getState() == Thread.State.TIMED_WAITING));
  }

  @AfterEach
  void stop() {
    channel.heal();
    channel.open();
    outbox.stop(Duration.ofSeconds(1));
  }

  static String body(String caches) {
    return "{\"v\":1,\"from\":\"node/me\",\"body\":1,\"caches\":{" + caches + "}}";
  }

  static CompletableFuture<Void> onAThread(Runnable task) {
    return CompletableFuture.runAsync(task, THREAD_PER_TASK);
  }
}
