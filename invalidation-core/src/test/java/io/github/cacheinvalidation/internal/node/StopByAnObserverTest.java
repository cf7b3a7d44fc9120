package io.github.cacheinvalidation.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.OverflowCause;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.springdata.SpringDataChannel;
import io.github.cacheinvalidation.internal.outbox.OutboxSettings;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** An observer may stop the node on any thread that notifies it. */
@Tag("G8")
@Tag("G9")
@Tag("G8.7")
class StopByAnObserverTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String CACHE = "c";

  @Test
  void whenAMessageWasApplied_theNodeStops() throws Exception {
    try (TestRedis redis = TestRedis.started()) {
      RedisConnectionFactory factory = redis.lettuce(configuration -> {});
      Watched writer = new Watched(factory);
      Watched stopped = new Watched(factory);
      stopped.stopWhenApplied.set(true);

      for (int key = 0; key < 100; key++) {
        writer.node.invalidator().evict(CACHE, key);
      }

      stopped.assertStops();
      writer.node.close();
    }
  }

  @Test
  void whenAWriteWasPublished_theNodeStops() throws Exception {
    try (TestRedis redis = TestRedis.started()) {
      Watched stopped = new Watched(redis.lettuce(configuration -> {}));
      stopped.stopWhenPublished.set(true);

      stopped.node.invalidator().evict(CACHE, 1);

      stopped.assertStops();
    }
  }

  @Test
  void stopAndStartByAnObserver_happenInThatOrder() throws Exception {
    try (TestRedis redis = TestRedis.started()) {
      Watched restarted = new Watched(redis.lettuce(configuration -> {}));
      restarted.startAgain.set(true);
      restarted.stopWhenPublished.set(true);

      restarted.node.invalidator().evict(CACHE, 1);

      assertThat(restarted.returned.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      await().atMost(PATIENCE).until(() -> restarted.joins.get() == 2);
      assertThat(restarted.node.isRunning()).isTrue();
      restarted.node.close();
    }
  }

  /** The sender still tries to connect, so that the stop has to wait for it. */
  @Test
  void whenTheOutboxOverflows_theNodeStops() throws Exception {
    assertStopsWhileASenderConnects(
        stop ->
            new InvalidationObserver() {
              @Override
              public void outboxOverflowed(String cache, OverflowCause cause) {
                stop.run();
              }
            },
        key -> key);
  }

  @Test
  void whenAKeyCannotBeEncoded_theNodeStops() throws Exception {
    assertStopsWhileASenderConnects(
        stop ->
            new InvalidationObserver() {
              @Override
              public void keyNotEncodable(String cache, Class<?> keyType) {
                stop.run();
              }
            },
        key -> new BrokenKey());
  }

  private static void assertStopsWhileASenderConnects(
      Function<Runnable, InvalidationObserver> observer, IntFunction<Object> keys)
      throws Exception {
    LettuceConnectionFactory nowhere = new LettuceConnectionFactory("127.0.0.1", 1);
    nowhere.afterPropertiesSet();
    AtomicReference<DefaultInvalidationNode> stopping = new AtomicReference<>();
    CountDownLatch stopped = new CountDownLatch(1);
    CountDownLatch failed = new CountDownLatch(1);
    InvalidationObserver stops =
        observer.apply(
            () -> {
              Objects.requireNonNull(stopping.get()).stop();
              stopped.countDown();
            });
    DefaultInvalidationNode node =
        DefaultInvalidationNode.builder()
            .channel(() -> SpringDataChannel.open(nowhere, settings()))
            .cacheNames(List.of(CACHE))
            .outbox(new OutboxSettings(false, Duration.ofSeconds(1), 10, 10))
            .observer(InvalidationObserver.all(List.of(stops, new FailureObserver(failed))))
            .build();
    stopping.set(node);
    node.start();
    node.invalidator().evict(CACHE, -1);
    assertThat(failed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

    Thread application =
        new Thread(
            () -> {
              for (int key = 0; key < 20; key++) {
                node.invalidator().evict(CACHE, keys.apply(key));
              }
            });
    application.setDaemon(true); // one that hangs lets the other tests end
    application.start();

    assertThat(stopped.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    application.join(PATIENCE.toMillis());
    assertThat(application.isAlive()).isFalse();
    assertThat(node.isRunning()).isFalse();
    node.close();
    nowhere.destroy();
  }

  private static RedisChannelSettings settings() {
    return new RedisChannelSettings(
        "stop", "node", 100, 1 << 20, List.of(), RedisChannelSettings.DEFAULT_TIMEOUT);
  }

  /** Hears of the first failure to publish. */
  private record FailureObserver(CountDownLatch failed) implements InvalidationObserver {

    @Override
    public void publishFailed(RuntimeException cause) {
      failed.countDown();
    }
  }

  /** Cannot be told from another one, so that a set holds only one. */
  private static final class BrokenKey {

    @Override
    public int hashCode() {
      return 1;
    }

    @Override
    public boolean equals(Object other) {
      throw new IllegalStateException("Injected");
    }
  }

  /** A node that stops itself when it is asked to. */
  private static final class Watched {

    private final AtomicBoolean stopWhenApplied = new AtomicBoolean();

    private final AtomicBoolean stopWhenPublished = new AtomicBoolean();

    private final AtomicBoolean startAgain = new AtomicBoolean();

    private final AtomicInteger joins = new AtomicInteger();

    private final CountDownLatch joined = new CountDownLatch(1);

    private final CountDownLatch returned = new CountDownLatch(1);

    private final DefaultInvalidationNode node;

    Watched(RedisConnectionFactory factory) throws InterruptedException {
      node =
          DefaultInvalidationNode.builder()
              .channel(() -> SpringDataChannel.open(factory, settings()))
              .cacheNames(List.of(CACHE))
              .observer(
                  new InvalidationObserver() {
                    @Override
                    public void joined() {
                      joins.incrementAndGet();
                      joined.countDown();
                    }

                    @Override
                    public void applied(String cache, int keys) {
                      stopIf(stopWhenApplied);
                    }

                    @Override
                    public void published(int keys, int wholeCaches) {
                      stopIf(stopWhenPublished);
                    }
                  })
              .build();
      node.start();
      assertThat(joined.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      node.invalidator().evict(CACHE, 0); // so that there is a connection to publish
      await().atMost(PATIENCE).until(() -> node.pendingKeys() == 0);
    }

    /** Each time it is told, as an observer does that looks at nothing. */
    private void stopIf(AtomicBoolean wanted) {
      if (wanted.get()) {
        node.stop();
        if (startAgain.get()) {
          wanted.set(false);
          node.start();
        }
        returned.countDown();
      }
    }

    void assertStops() throws InterruptedException {
      assertThat(returned.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      await().atMost(PATIENCE).until(() -> !node.isRunning());
      stopWhenApplied.set(false);
      stopWhenPublished.set(false);
      node.close();
      node.start();
      assertThat(node.isRunning()).isTrue();
      node.close();
    }
  }
}
