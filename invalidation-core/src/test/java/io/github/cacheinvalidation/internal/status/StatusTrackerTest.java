package io.github.cacheinvalidation.internal.status;

import static io.github.cacheinvalidation.testing.ThreadPerTask.THREAD_PER_TASK;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.NodeStatus;
import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.StillConnectingException;
import io.github.cacheinvalidation.internal.fence.CoherenceWatermark;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which events are reported to which observer, and on which thread. */
@Tag("G5")
@Timeout(20)
class StatusTrackerTest {

  private final ChannelException down = new ChannelException("down", null);

  private final AtomicLong nanos = new AtomicLong();

  private final CoherenceWatermark watermark = new CoherenceWatermark(0);

  private final List<NodeStatus> told = new CopyOnWriteArrayList<>();

  private volatile Runnable whileTold = () -> {};

  private final StatusTracker keeper =
      new StatusTracker(
          new InvalidationObserver() {
            @Override
            public void statusChanged(NodeStatus before, NodeStatus now) {
              if (!told.isEmpty()) {
                assertThat(before.state()).isEqualTo(told.get(told.size() - 1).state());
              }
              told.add(now);
              whileTold.run();
            }
          },
          watermark,
          nanos::get,
          () -> Instant.EPOCH.plusNanos(nanos.get()));

  private List<State> states() {
    return told.stream().map(NodeStatus::state).toList();
  }

  private void join() {
    keeper.started("c");
    assertThat(keeper.confirmed(nanos.get(), true)).isTrue();
    told.clear();
  }

  @Test
  void status_namesAllThatIsKnown() {
    keeper.pendingKeys(() -> 7);
    keeper.started("channel");
    keeper.resynced("server", false);
    nanos.set(Duration.ofSeconds(5).toNanos());
    watermark.confirm(Duration.ofSeconds(4).toNanos());
    assertThat(keeper.confirmed(Duration.ofSeconds(4).toNanos(), true)).isTrue();
    nanos.set(Duration.ofSeconds(9).toNanos());

    assertThat(keeper.status())
        .isEqualTo(
            new NodeStatus(
                State.COHERENT,
                Instant.ofEpochSecond(5),
                null,
                Set.of(),
                Instant.ofEpochSecond(4),
                7,
                "channel",
                "server"));
    assertThat(told.get(told.size() - 1)).isEqualTo(keeper.status());
  }

  @Test
  void repeatedConfirmationsAndPublications_doNotNotifyTheObserver() {
    keeper.started("c");
    keeper.resynced("server", false);
    keeper.confirmed(nanos.get(), true);
    told.clear();
    for (int second = 1; second <= 3; second++) {
      nanos.addAndGet(1_000_000_000);
      keeper.checked();
      watermark.confirm(nanos.get());
      assertThat(keeper.confirmed(nanos.get(), true)).isFalse();
      keeper.resynced("server", false);
      keeper.published(1, 0);
      keeper.subscribed();

      assertThat(told).isEmpty();
      assertThat(keeper.status().lastConfirmed()).isEqualTo(Instant.ofEpochSecond(second));
    }
  }

  @Test
  void failuresInARow_areToldOnce() {
    join();
    for (int attempt = 0; attempt < 3; attempt++) {
      nanos.addAndGet(1);
      keeper.checkFailed(down);
      keeper.publishFailed(down);
      keeper.subscriptionLost(down);
    }

    assertThat(told).hasSize(3);
    assertThat(keeper.status().impairments())
        .containsExactly(Impairment.SUBSCRIPTION, Impairment.CHECKS, Impairment.PUBLICATIONS);
    assertThat(keeper.status().reason()).isEqualTo("down");
  }

  @Test
  void checkThatIsAnsweredAgain_isNoCoherenceUntilOneIsConfirmedThatWasSentSince() {
    join();
    nanos.set(10);
    keeper.checkFailed(down);
    keeper.checked();
    assertThat(keeper.confirmed(9, true)).isFalse();
    assertThat(keeper.state()).isEqualTo(State.CATCHING_UP);
    assertThat(keeper.status().reason()).isEqualTo(StatusTracker.CHECK_FAILED);

    assertThat(keeper.confirmed(10, true)).isFalse();

    assertThat(states()).containsExactly(State.CUT_OFF, State.CATCHING_UP, State.COHERENT);
  }

  @Test
  void refusedMessage_cutsOff_untilOneIsAccepted() {
    join();
    keeper.publishFailed(new PublicationRefusedException("OOM. More memory", null, true));
    assertThat(keeper.status().impairments()).containsExactly(Impairment.REFUSALS);
    assertThat(keeper.status().reason()).isEqualTo("OOM. More memory");

    keeper.published(1, 0);

    assertThat(states()).containsExactly(State.CUT_OFF, State.COHERENT);
  }

  @Test
  void connectionThatIsStillBeingMade_isNoFailure() {
    join();
    keeper.checkFailed(new StillConnectingException("still being made"));
    keeper.publishFailed(new StillConnectingException("still being made"));

    assertThat(told).isEmpty();
  }

  @Test
  void suspicion_endsWithTheOneThatTheCachesWereAskedAbout() {
    join();
    keeper.resynced("b", true);
    long first = keeper.suspicions();
    keeper.resynced("c", true);
    keeper.trusted(first);
    assertThat(keeper.state()).isEqualTo(State.SUSPECTING);

    keeper.trusted(keeper.suspicions());

    assertThat(keeper.state()).isEqualTo(State.COHERENT);
  }

  /** The sender counts the pending keys before it takes the lock. */
  @Test
  void changeWhileAnotherOneIsBeingMade_isNotOverwritten() {
    join();
    keeper.pendingKeys(
        () -> {
          keeper.pendingKeys(() -> 0);
          keeper.subscriptionLost(down);
          return 0;
        });

    keeper.publishFailed(down);

    assertThat(keeper.status().impairments())
        .containsExactly(Impairment.SUBSCRIPTION, Impairment.PUBLICATIONS);
    assertThat(told).hasSize(2);
    assertThat(told.get(1).impairments()).hasSize(2);
  }

  /** An observer that stops the node, for example. */
  @Test
  void changeThatAnObserverMakes_isToldAfterThePresentOne() {
    join();
    whileTold =
        () -> {
          whileTold = () -> {};
          keeper.stopped();
          assertThat(states()).as("not told within").containsExactly(State.CUT_OFF);
        };

    keeper.checkFailed(down);

    assertThat(states()).containsExactly(State.CUT_OFF, State.STOPPED);
  }

  /**
   * Stopping waits for the sender, so the sender must not wait for the thread that notifies the
   * observer.
   */
  @Test
  void changeWhileAnotherThreadTells_waitsForNobody_andIsToldInOrder() throws Exception {
    join();
    CountDownLatch telling = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    whileTold =
        () -> {
          whileTold = () -> {};
          telling.countDown();
          try {
            mayEnd.await();
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
          }
        };
    CompletableFuture<Void> receiver =
        CompletableFuture.runAsync(() -> keeper.subscriptionLost(down), THREAD_PER_TASK);
    telling.await();

    CompletableFuture.runAsync(() -> keeper.publishFailed(down), THREAD_PER_TASK)
        .get(60, TimeUnit.SECONDS);
    assertThat(told).hasSize(1);
    assertThat(keeper.status().impairments())
        .containsExactly(Impairment.SUBSCRIPTION, Impairment.PUBLICATIONS);
    mayEnd.countDown();
    receiver.get(60, TimeUnit.SECONDS);

    assertThat(told).hasSize(2);
    assertThat(told.get(1).impairments()).hasSize(2);
  }

  @Test
  void awaitJoined_endsWithTheJoin_withTheStop_andWithTheTime() throws Exception {
    assertThat(keeper.awaitJoined(Duration.ofDays(1))).as("not started").isFalse();
    keeper.started("c");
    assertThat(keeper.awaitJoined(Duration.ofMillis(1))).as("too early").isFalse();
    CompletableFuture<Boolean> joined =
        CompletableFuture.supplyAsync(this::awaitJoined, THREAD_PER_TASK);
    keeper.confirmed(0, true);
    assertThat(joined.get(60, TimeUnit.SECONDS)).isTrue();
    keeper.started("c");
    CompletableFuture<Boolean> stopped =
        CompletableFuture.supplyAsync(this::awaitJoined, THREAD_PER_TASK);
    keeper.stopped();

    assertThat(stopped.get(60, TimeUnit.SECONDS)).isFalse();
  }

  private boolean awaitJoined() {
    try {
      return keeper.awaitJoined(Duration.ofDays(1));
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
