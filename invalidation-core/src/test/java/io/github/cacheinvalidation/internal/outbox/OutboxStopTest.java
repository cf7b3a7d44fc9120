package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.NotPublishedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keys pending when the outbox stops are sent, kept or reported, and no caller waits for ever. */
@Tag("G5")
class OutboxStopTest extends OutboxFixture {

  private static final Duration AT_ONCE = Duration.ofMillis(1);

  @Tag("G5.5")
  @Test
  void stop_sendsThePendingKeys() throws InterruptedException {
    startBusy();
    outbox.add("c", 1);
    channel.open();

    outbox.stop(PATIENCE);

    assertThat(channel.accepted()).hasSize(2);
    assertThat(observer.publishingEvents()).doesNotContain("unpublished 1+0");
  }

  @Test
  void stopWithoutAServer_reportsAndKeepsTheUnsentKeys() throws InterruptedException {
    channel.fail();
    start("first");
    outbox.add("c", 1);
    channel.awaitEntered(1);
    outbox.add("c", 2);
    outbox.addAll(List.of(new Invalidation.Whole<>("d")));

    outbox.stop(AT_ONCE);

    assertThat(observer.publishingEvents()).contains("unpublished 2+1");
    assertThat(outbox.pendingKeys()).isEqualTo(2);
    channel.heal();
    start("second");
    assertThat(channel.awaitAccepted(1).get(0))
        .isIn(body("second", "\"c\":[2,1],\"d\":\"*\""), body("second", "\"c\":[1,2],\"d\":\"*\""));
  }

  @Test
  void keysAddedWhileStopped_areSentAfterTheNextStart() {
    start("first");
    outbox.stop(AT_ONCE);

    outbox.add("c", 1);
    start("second");

    assertThat(channel.awaitAccepted(1)).containsExactly(body("second", "\"c\":[1]"));
  }

  @Test
  void stopWhileOthersGoOnWriting_isBoundedByItsTimeout() throws InterruptedException {
    channel.withEachPublication(() -> outbox.add("c", 1));
    start();
    outbox.add("c", 1);
    channel.awaitEntered(3);
    CountDownLatch stopped = new CountDownLatch(1);
    Thread stopping =
        new Thread(
            () -> {
              outbox.stop(Duration.ofMillis(50));
              stopped.countDown();
            });

    stopping.start();

    assertThat(stopped.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(observer.publishingEvents()).contains("unpublished 1+0");
  }

  @Test
  void startTwice_isRefused() {
    start();

    assertThatThrownBy(this::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void noThread_isLeftBehind() {
    start();
    outbox.add("c", 1);
    channel.awaitAccepted(1);

    outbox.stop(PATIENCE);

    assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
        .doesNotContain("cache-invalidation-sender");
  }

  @Test
  void await_returnsAfterTheChannelHasAccepted() throws InterruptedException {
    outbox = outbox(512, 100, true);
    startBusy();
    Acceptance acceptance = outbox.add("c", 1);
    CountDownLatch waiting = new CountDownLatch(1);
    List<Integer> acceptedWhenReturned = new ArrayList<>();
    Thread writer =
        new Thread(
            () -> {
              waiting.countDown();
              acceptance.await();
              acceptedWhenReturned.add(channel.accepted().size());
            });
    writer.start();
    assertThat(waiting.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

    channel.letThrough(2);
    writer.join(PATIENCE.toMillis());

    assertThat(acceptedWhenReturned).containsExactly(2);
  }

  @Tag("G5.6")
  @Test
  void awaitWhileTheOutboxIsStuck_failsAtOnceAndSaysThatTheWriteStands()
      throws InterruptedException {
    outbox = outbox(512, 100, true);
    channel.fail();
    start();
    outbox.add("c", 1);
    channel.awaitEntered(2);

    Acceptance acceptance = outbox.add("c", 2);

    assertThatThrownBy(acceptance::await)
        .isInstanceOf(NotPublishedException.class)
        .hasMessageContaining("The write stands")
        .hasMessageContaining("keeps trying")
        .hasRootCauseMessage("Injected: no answer");
  }

  @Test
  void awaitWhileTheOutboxIsStopped_failsAtOnce() {
    outbox = outbox(512, 100, true);

    Acceptance acceptance = outbox.add("c", 1);

    assertThatThrownBy(acceptance::await)
        .isInstanceOf(NotPublishedException.class)
        .hasMessageContaining("The write stands");
  }

  @Test
  void stop_endsTheWaitingOfThoseWhoseMessageItGivesBack() throws InterruptedException {
    outbox = outbox(512, 100, true);
    startBusy();
    channel.fail();
    Acceptance gathered = outbox.add("c", 1);
    channel.letThrough(1);
    channel.awaitEntered(1);
    channel.open();

    outbox.stop(AT_ONCE);

    assertThatThrownBy(gathered::await).isInstanceOf(NotPublishedException.class);
    assertThat(outbox.pendingKeys()).isEqualTo(2);
  }
}
