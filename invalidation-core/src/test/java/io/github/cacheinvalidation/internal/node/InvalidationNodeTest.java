package io.github.cacheinvalidation.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.channel.local.LocalHub;
import io.github.cacheinvalidation.internal.receiver.ReceiverSettings;
import io.github.cacheinvalidation.testing.FaultyChannel;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;

@Tag("G8")
class InvalidationNodeTest {

  private static final Duration BOUND = Duration.ofSeconds(20);

  private final LocalHub hub = new LocalHub();

  private final List<DefaultInvalidationNode> nodes = new ArrayList<>();

  private final List<String> published = new CopyOnWriteArrayList<>();

  private DefaultInvalidationNode node(String name) {
    CountDownLatch joined = new CountDownLatch(1);
    DefaultInvalidationNode node =
        DefaultInvalidationNode.builder()
            .name(name)
            .channel(() -> hub.open("channel"))
            .observer(
                new InvalidationObserver() {
                  @Override
                  public void joined() {
                    joined.countDown();
                  }

                  @Override
                  public void published(int keys, int wholeCaches) {
                    published.add(name + " " + keys + "+" + wholeCaches);
                  }
                })
            .build();
    nodes.add(node);
    node.start();
    try {
      assertThat(joined.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    return node;
  }

  @AfterEach
  void close() {
    nodes.forEach(DefaultInvalidationNode::close);
  }

  private static Cache cache(DefaultInvalidationNode node) {
    return Objects.requireNonNull(node.cacheManager().getCache("prices"));
  }

  private Tip tip() {
    try (Channel channel = hub.open("channel")) {
      return channel.log().tip();
    }
  }

  @Test
  void write_onOneNode_evictsOnTheOther() {
    DefaultInvalidationNode a = node("a");
    DefaultInvalidationNode b = node("b");
    cache(b).get(1L, () -> 10);
    cache(b).get(2L, () -> 20);
    cache(a).put(1L, 11);
    await().atMost(BOUND).until(() -> cache(b).get(1L) == null);
    assertThat(cache(a).get(1L, Integer.class)).isEqualTo(11);
    assertThat(cache(b).get(2L, Integer.class)).isEqualTo(20);
    cache(a).clear();
    await().atMost(BOUND).until(() -> cache(b).get(2L) == null);
  }

  @Test
  void reads_onTwoNodes_moveTheTipNowhere() {
    DefaultInvalidationNode a = node("a");
    DefaultInvalidationNode b = node("b");
    Tip before = tip();
    for (int round = 0; round < 2; round++) {
      for (DefaultInvalidationNode each : List.of(a, b)) {
        for (long key = 0; key < 1_000; key++) {
          long id = key;
          assertThat(cache(each).get(id, () -> id)).isEqualTo(id);
          assertThat(
                  cache(each)
                      .retrieve("later " + id, () -> CompletableFuture.completedFuture(id))
                      .join())
              .isEqualTo(id);
        }
      }
    }
    a.stop();
    b.stop();
    assertThat(tip().position()).isEqualTo(before.position());
    assertThat(published).isEmpty();
  }

  @Test
  void lateLoadOnOneNode_isNotStored_afterTheWriteOfAnother() {
    DefaultInvalidationNode a = node("a");
    DefaultInvalidationNode b = node("b");
    cache(b).get(2L, () -> 20);
    CompletableFuture<Integer> source = new CompletableFuture<>();
    CompletableFuture<Integer> load = cache(b).retrieve(1L, () -> source);
    a.invalidator().evictAll("prices", List.of(1L, 2L));
    await().atMost(BOUND).until(() -> cache(b).get(2L) == null);
    source.complete(10);
    assertThat(load.join()).isEqualTo(10);
    assertThat(cache(b).get(1L)).isNull();
  }

  @Test
  void write_whileTheNodeIsStopped_isPublishedWhenItStartsAgain() {
    DefaultInvalidationNode a = node("a");
    DefaultInvalidationNode b = node("b");
    cache(b).get(1L, () -> 10);
    a.stop();
    assertThat(a.isRunning()).isFalse();
    cache(a).evict(1L);
    assertThat(a.pendingKeys()).isEqualTo(1);
    a.start();
    await().atMost(BOUND).until(() -> cache(b).get(1L) == null);
  }

  @Test
  void stop_publishesThePendingKeys() {
    DefaultInvalidationNode a = node("a");
    DefaultInvalidationNode b = node("b");
    cache(b).get(1L, () -> 10);
    cache(a).evict(1L);
    a.stop();
    assertThat(published).containsExactly("a 1+0");
    await().atMost(BOUND).until(() -> cache(b).get(1L) == null);
  }

  @Test
  void entriesLoadedBeforeTheJoin_areCleared() {
    DefaultInvalidationNode a = node("a");
    a.stop();
    cache(a).get(1L, () -> "covered by nothing");
    a.start();
    await().atMost(BOUND).until(() -> cache(a).get(1L) == null);
  }

  @Test
  void entriesLoadedAfterTheStartOfANodeWithinOneJvm_areKept() throws InterruptedException {
    for (int round = 0; round < 20; round++) {
      DefaultInvalidationNode node =
          DefaultInvalidationNode.builder().channel(() -> hub.open("channel")).build();
      nodes.add(node);
      node.start();
      cache(node).get(1L, () -> "kept");

      assertThat(node.awaitJoined(BOUND)).isTrue();

      assertThat(cache(node).get(1L)).as("round %d", round).isNotNull();
    }
  }

  @Test
  void awaitJoined_isTrueFromTheJoinToTheStop() throws InterruptedException {
    DefaultInvalidationNode node =
        DefaultInvalidationNode.builder().channel(() -> hub.open("channel")).build();
    nodes.add(node);
    assertThat(node.awaitJoined(Duration.ofDays(1))).as("not started").isFalse();
    for (int round = 0; round < 2; round++) {
      node.start();
      assertThat(node.awaitJoined(ChronoUnit.FOREVER.getDuration())).isTrue();
      assertThat(node.awaitJoined(Duration.ZERO)).isTrue();
      node.stop();
      assertThat(node.awaitJoined(Duration.ofDays(1))).as("stopped").isFalse();
    }
  }

  @Test
  void awaitJoined_isFalseWhenTheTimeHasPassed_alsoAtALaterStart() throws InterruptedException {
    AtomicInteger failing = new AtomicInteger();
    DefaultInvalidationNode node =
        DefaultInvalidationNode.builder()
            .channel(
                () -> {
                  FaultyChannel opened = new FaultyChannel(hub.open("channel"));
                  opened.failSubscriptions(failing.getAndSet(Integer.MAX_VALUE));
                  return opened;
                })
            .build();
    nodes.add(node);
    node.start();
    assertThat(node.awaitJoined(BOUND)).isTrue();
    node.stop();
    node.start();

    assertThat(node.awaitJoined(Duration.ofMillis(1))).isFalse();
  }

  @Test
  void status_isToldFromTheStartToTheStop() throws InterruptedException {
    List<State> told = new CopyOnWriteArrayList<>();
    DefaultInvalidationNode node =
        DefaultInvalidationNode.builder()
            .channel(() -> hub.open("channel"))
            .observer(
                new InvalidationObserver() {
                  @Override
                  public void statusChanged(NodeStatus before, NodeStatus now) {
                    if (before.state() != now.state()) {
                      told.add(now.state());
                    }
                  }
                })
            .build();
    nodes.add(node);
    assertThat(node.status().state()).isEqualTo(State.STOPPED);
    cache(node).evict(1L);
    assertThat(node.status().pendingKeys()).isEqualTo(1);
    node.start();
    assertThat(node.awaitJoined(BOUND)).isTrue();
    assertThat(node.status().channel()).isEqualTo("channel");
    assertThat(node.status().server()).isNotNull();
    node.stop();

    assertThat(node.status().state()).isEqualTo(State.STOPPED);
    assertThat(node.status().pendingKeys()).isZero();
    assertThat(told).containsExactly(State.JOINING, State.COHERENT, State.STOPPED);
  }

  @Test
  void anotherServer_isASuspicionUntilEveryCacheIsCleared() throws InterruptedException {
    AtomicReference<FaultyChannel> opened = new AtomicReference<>();
    AtomicLong nanos = new AtomicLong();
    DefaultInvalidationNode node =
        DefaultInvalidationNode.builder()
            .channel(
                () -> {
                  FaultyChannel channel = new FaultyChannel(hub.open("channel"));
                  opened.set(channel);
                  return channel;
                })
            .receiver(
                new ReceiverSettings(
                    Duration.ofMillis(10), Duration.ofSeconds(10), Duration.ofSeconds(5), 1 << 20))
            .ticker(() -> System.nanoTime() + nanos.get())
            .build();
    nodes.add(node);
    node.start();
    assertThat(node.awaitJoined(BOUND)).isTrue();
    cache(node).get(1L, () -> 10);
    Objects.requireNonNull(opened.get()).moveTo("elsewhere");
    await().atMost(BOUND).until(() -> node.status().state() == State.SUSPECTING);
    assertThat(cache(node).get(1L)).isNotNull();
    assertThat(node.status().server()).isEqualTo("elsewhere");

    nanos.set(Duration.ofHours(1).toNanos());

    await().atMost(BOUND).until(() -> node.status().state() == State.COHERENT);
    assertThat(cache(node).get(1L)).isNull();
  }

  /** The thread that starts the node has not started all of it yet. */
  @Test
  void stopByAnObserverThatIsToldOfTheStart_stopsAllOfTheNode() throws InterruptedException {
    AtomicReference<DefaultInvalidationNode> stopping = new AtomicReference<>();
    CountDownLatch stopped = new CountDownLatch(1);
    DefaultInvalidationNode node =
        DefaultInvalidationNode.builder()
            .channel(() -> hub.open("channel"))
            .observer(
                new InvalidationObserver() {
                  @Override
                  public void statusChanged(NodeStatus before, NodeStatus now) {
                    DefaultInvalidationNode target = stopping.getAndSet(null);
                    if (target != null) {
                      target.stop();
                    } else if (now.state() == State.STOPPED) {
                      stopped.countDown();
                    }
                  }
                })
            .build();
    nodes.add(node);
    stopping.set(node);

    node.start();

    assertThat(stopped.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(node.isRunning()).isFalse();
    node.start();
    assertThat(node.awaitJoined(BOUND)).isTrue();
  }

  @Test
  void startAndStop_twice_changeNothing() {
    DefaultInvalidationNode a = node("a");
    a.start();
    assertThat(a.isRunning()).isTrue();
    a.stop();
    a.stop();
    assertThat(a.isRunning()).isFalse();
  }

  @Test
  void messageOfAnUnknownCache_makesNone() {
    DefaultInvalidationNode a = node("a");
    DefaultInvalidationNode b = node("b");
    cache(b).get(1L, () -> 10);
    a.invalidator().evict("elsewhere", 1L);
    cache(a).evict(1L);
    await().atMost(BOUND).until(() -> cache(b).get(1L) == null);
    assertThat(b.cacheManager().getCacheNames()).containsExactly("prices");
  }

  @Test
  void builderWithoutChannel_isRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> DefaultInvalidationNode.builder().build())
        .withMessageContaining("'channel'");
  }
}
