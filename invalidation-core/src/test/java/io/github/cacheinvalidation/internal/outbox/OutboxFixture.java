package io.github.cacheinvalidation.internal.outbox;

import io.github.cacheinvalidation.ForeignMessageWriter;
import io.github.cacheinvalidation.KeyCodec;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.testing.RecordingObserver;
import io.github.cacheinvalidation.testing.ScriptedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;

/** An outbox whose sender publishes to a scripted channel. */
abstract class OutboxFixture {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  final ScriptedChannel channel = new ScriptedChannel();

  final RecordingObserver observer = new RecordingObserver();

  private final AtomicInteger nonces = new AtomicInteger();

  final List<KeyCodec<?>> codecs = new ArrayList<>();

  final List<ForeignMessageWriter> writers = new ArrayList<>();

  Outbox outbox = outbox(512, 100_000, false);

  Outbox outbox(int maxBatchKeys, int maxPendingKeys, boolean await) {
    OutboxSettings settings =
        new OutboxSettings(await, Duration.ofSeconds(5), maxBatchKeys, maxPendingKeys);
    return new Outbox(
        new KeyEncoder(codecs),
        settings,
        observer,
        () -> "nonce-" + nonces.incrementAndGet(),
        new Random(3),
        new ForeignPublisher(writers, maxPendingKeys, observer, new Random(4)));
  }

  static ForeignPublisher noWriters() {
    return new ForeignPublisher(List.of(), 1, new RecordingObserver(), new Random(4));
  }

  void start() {
    start("me");
  }

  void start(String id) {
    outbox.start(channel, new BodyWriter("node", id));
  }

  /** Starts, and keeps the sender busy with a first message so that others gather. */
  void startBusy() throws InterruptedException {
    channel.block();
    start();
    outbox.add("first", 0);
    channel.awaitEntered(1);
  }

  @AfterEach
  void stop() {
    channel.heal();
    channel.open();
    outbox.stop(Duration.ofSeconds(1));
  }

  static String body(String id, String caches) {
    return "{\"v\":1,\"from\":\"node/" + id + "\",\"body\":1,\"caches\":{" + caches + "}}";
  }
}
