package io.github.cacheinvalidation.internal.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.local.LocalHub;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import io.github.cacheinvalidation.internal.key.WireKey;
import io.github.cacheinvalidation.internal.message.MessageReader;
import io.github.cacheinvalidation.internal.status.StatusTracker;
import io.github.cacheinvalidation.testing.FaultyChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The threads around the receiver, over a channel inside the JVM. */
@Tag("G3")
class ReceiverLifecycleTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LocalHub hub = new LocalHub();

  private final Channel other = hub.open("c");

  private final FaultyChannel channel = new FaultyChannel(hub.open("c"));

  private volatile Runnable onJoined = () -> {};

  private final AtomicInteger joined = new AtomicInteger();

  private final AtomicInteger replayed = new AtomicInteger();

  private final List<String> applied = new CopyOnWriteArrayList<>();

  private final List<ClearReason> clears = new CopyOnWriteArrayList<>();

  private final AtomicBoolean broken = new AtomicBoolean();

  private final CoherenceWatermark watermark = new CoherenceWatermark(System.nanoTime());

  private final ReceiverLifecycle coherence =
      new ReceiverLifecycle(
          new MessageReader(List.of()),
          new LocalCaches() {
            @Override
            public void apply(List<Invalidation<WireKey>> invalidations) {
              if (broken.get()) {
                throw new NoClassDefFoundError("Injected");
              }
              invalidations.forEach(
                  each -> applied.add(((Invalidation.Whole<WireKey>) each).cache()));
            }

            @Override
            public void clearAll(ClearReason reason) {
              clears.add(reason);
            }

            @Override
            public void markSuspect(long confirmedNanos) {}
          },
          watermark,
          new ReceiverSettings(
              Duration.ofMillis(20), Duration.ofSeconds(2), Duration.ofMillis(100), 1 << 20),
          new InvalidationObserver() {
            @Override
            public void joined() {
              joined.incrementAndGet();
              onJoined.run();
            }

            @Override
            public void replayed(int messages) {
              replayed.addAndGet(messages);
            }
          },
          new StatusTracker(
              new InvalidationObserver() {}, watermark, System::nanoTime, InstantSource.system()),
          new Random(1),
          System::nanoTime);

  private void join() {
    int before = joined.get();
    coherence.start(channel, "me/1");
    await().atMost(PATIENCE).until(() -> joined.get() > before);
  }

  private void publish(String cache) {
    other
        .log()
        .append(
            new Publication(
                UUID.randomUUID().toString(),
                ReceiverFixture.bytes(
                    "{\"v\":1,\"from\":\"o/1\",\"body\":1,\"caches\":{\"" + cache + "\":\"*\"}}")));
  }

  private void awaitConfirmed() {
    long now = System.nanoTime();
    await().atMost(PATIENCE).until(() -> watermark.nanos() - now > 0);
  }

  @AfterEach
  void stop() {
    coherence.stop();
    channel.close();
    other.close();
  }

  @Test
  void aMessage_isAppliedAndTheNodeConfirmed() {
    join();

    publish("a");

    await().atMost(PATIENCE).until(() -> applied.contains("a"));
    awaitConfirmed();
    assertThat(clears).containsExactly(ClearReason.JOINED);
  }

  @Test
  void aDroppedMessage_isReplayed() {
    join();
    channel.drop(1);

    publish("a");
    publish("b");

    await().atMost(PATIENCE).until(() -> applied.contains("a") && applied.contains("b"));
    awaitConfirmed();
    assertThat(clears).containsExactly(ClearReason.JOINED);
    assertThat(replayed.get()).isPositive();
  }

  @Tag("G8.5")
  @Test
  void anErrorWhileAMessageIsApplied_isHealedWhenTheCauseIsGone() {
    join();
    broken.set(true);
    publish("a");
    publish("b");
    broken.set(false);
    publish("c");

    await().atMost(PATIENCE).until(() -> applied.contains("c"));
    awaitConfirmed();
    assertThat(applied.contains("a") || clears.size() > 1).isTrue();
  }

  @Test
  void errorsOutOfTheChannel_endNeitherThread() {
    channel.breakDown(true);
    coherence.start(channel, "me/1");
    await()
        .atMost(PATIENCE)
        .until(() -> channel.checks() + channel.reads() + channel.subscriptions() > 6);
    assertThat(joined).hasValue(0);

    channel.breakDown(false);

    await().atMost(PATIENCE).until(() -> joined.get() == 1);
    channel.failClosing(true);
    channel.loseSubscription();
    publish("a");
    await().atMost(PATIENCE).until(() -> applied.contains("a"));
    channel.failClosing(false);
    publish("b");
    await().atMost(PATIENCE).until(() -> applied.contains("b"));
    awaitConfirmed();
  }

  @Test
  void pagesTooLargeForTheTimeout_areReadInSmallerOnes() {
    int most = 20;
    join();
    channel.failPagesBeyond(most);
    channel.drop(3 * most);
    for (int i = 0; i <= 3 * most; i++) {
      publish("m" + i);
    }

    await().atMost(PATIENCE).until(() -> applied.size() > 3 * most);
    awaitConfirmed();
    assertThat(clears).containsExactly(ClearReason.JOINED);
  }

  @Test
  void startAndStopAgain_joinsAnewAndLeavesNoThread() {
    for (int i = 0; i < 5; i++) {
      join();
      coherence.stop();
      coherence.stop();
    }

    await().atMost(PATIENCE).until(() -> threadsNamed("cache-invalidation") == 0);
    assertThat(clears).hasSize(5).containsOnly(ClearReason.JOINED);
  }

  @Test
  void aSubscriptionThatDoesNotClose_leavesNoThread() {
    join();
    channel.failClosing(true);

    coherence.stop();

    await().atMost(PATIENCE).until(() -> threadsNamed("cache-invalidation-checker") == 0);
  }

  @Tag("G8.7")
  @Test
  void stopOnTheReceiversOwnThread_endsIt() {
    onJoined = coherence::stop;
    coherence.start(channel, "me/1");

    await().atMost(PATIENCE).until(() -> joined.get() == 1);
    await().atMost(PATIENCE).until(() -> threadsNamed("cache-invalidation-") == 0);
    onJoined = () -> {};
    join();
  }

  private static long threadsNamed(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .count();
  }

  @Test
  void startTwice_isRefused() {
    join();

    assertThatThrownBy(() -> coherence.start(channel, "me/1"))
        .isInstanceOf(IllegalStateException.class);
  }
}
