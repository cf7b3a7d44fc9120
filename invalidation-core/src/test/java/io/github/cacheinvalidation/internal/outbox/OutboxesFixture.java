package io.github.cacheinvalidation.internal.outbox;

import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.testing.RecordingObserver;
import io.github.cacheinvalidation.testing.ScriptedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;

/** The caches "red" and "crimson" have the channel "reds", "blue" has "blues", others the own. */
abstract class OutboxesFixture {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  static final Duration HOUR = Duration.ofHours(1);

  final ScriptedChannel reds = new ScriptedChannel();

  final ScriptedChannel blues = new ScriptedChannel();

  final ScriptedChannel own = new ScriptedChannel().with("reds", reds).with("blues", blues);

  final RecordingObserver observer = new RecordingObserver();

  final List<Invalidation.OfCache<Object>> foreign = new ArrayList<>();

  final ExecutorService writer = Executors.newSingleThreadExecutor();

  /** The caches whose settings messages have. */
  final Set<String> compared = ConcurrentHashMap.newKeySet();

  Outboxes outboxes = outboxes(false, PATIENCE);

  Outboxes outboxes(boolean await, Duration timeout) {
    return outboxes(new OutboxSettings(await, timeout, 512, 1000));
  }

  Outboxes outboxes(OutboxSettings settings) {
    ForeignPublisher publisher =
        new ForeignPublisher(
            List.of(
                stale -> {
                  foreign.add(stale);
                  return List.of();
                }),
            1000,
            observer,
            new Random(4));
    return new Outboxes(
        outbox(settings, publisher),
        Map.of("red", "reds", "crimson", "reds", "blue", "blues"),
        channel -> outbox(settings, publisher),
        publisher,
        observer,
        cache -> compared.contains(cache));
  }

  Outbox outbox(OutboxSettings settings, ForeignPublisher publisher) {
    return new Outbox(
        new KeyEncoder(List.of()),
        settings,
        observer,
        () -> "nonce",
        new Random(3),
        publisher,
        new OutboxState(new ReentrantLock(), Outbox.PATIENCE, 4, HOUR, System::nanoTime),
        new QuietWriterPause());
  }

  void start() {
    outboxes.start(own, () -> new BodyWriter("node", "me"));
  }

  static List<Object> keys(Object... keys) {
    return List.of(keys);
  }

  @AfterEach
  void stop() {
    List.of(own, reds, blues)
        .forEach(
            channel -> {
              channel.heal();
              channel.open();
            });
    outboxes.stop(PATIENCE);
    writer.shutdownNow();
  }

  static String body(String caches) {
    return OutboxFixture.body("me", caches);
  }
}
