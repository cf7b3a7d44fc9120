package io.github.cacheinvalidation.internal.outbox;

import static io.github.cacheinvalidation.testing.ThreadPerTask.THREAD_PER_TASK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.NotPublishedException;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.internal.message.SentSettings;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The sender takes over a writer's direct publication if it fails, is refused or is never answered.
 */
@Tag("G5")
class FailedDirectPublicationsTest extends DirectPublicationFixture {

  @Test
  void severalFailedPublications_areRepeatedByTheSenderOneAfterTheOther() {
    outbox = outbox(false, 2);
    start();
    outbox.add("c", 1);
    outbox.add("c", 2);

    channel.decline(new ChannelException("Injected: no answer", null));
    channel.decline(new ChannelException("Injected: no answer", null));

    assertThat(channel.awaitAccepted(2)).containsExactly(body("\"c\":[1]"), body("\"c\":[2]"));
    Awaitility.await().atMost(PATIENCE).until(() -> outbox.pendingKeys() == 0);
  }

  @Tag("G5.2")
  @Test
  void publicationWithoutAnAnswer_isRepeatedByTheSenderUnderAFreshNonce_andReportsNoFailure() {
    start();
    outbox.add("c", 1);

    channel.decline(new ChannelException("Injected: no answer", null));

    assertThat(channel.awaitAccepted(1)).containsExactly(body("\"c\":[1]"));
    assertThat(channel.nonces()).containsExactly("nonce-1", "nonce-2");
    Awaitility.await().atMost(PATIENCE).until(() -> outbox.pendingKeys() == 0);
    assertThat(observer.failures()).isEmpty();
  }

  @Test
  void settingsOfAMessageThatFailed_areInTheNextOne_untilOneIsAccepted() {
    SentSettings settings = new SentSettings(Map.of("c", "max-staleness=10s"), () -> 0);
    outbox.start(channel, new BodyWriter("node", "me", settings));
    awaitIdleSender();
    outbox.add("c", 1);
    channel.decline(new ChannelException("Injected: no answer", null));
    Awaitility.await().atMost(PATIENCE).until(() -> outbox.pendingKeys() == 0);
    outbox.add("c", 2);
    Awaitility.await().atMost(PATIENCE).until(() -> channel.tried().size() >= 3);

    String field = ",\"settings\":{\"c\":\"max-staleness=10s\"}}";
    assertThat(channel.tried().subList(0, 2)).allMatch(message -> message.endsWith(field));
    assertThat(channel.tried().get(2)).isEqualTo(body("\"c\":[2]"));
  }

  @Test
  void settingsOfADirectPublicationThatIsAccepted_areNotInTheNextOne() {
    SentSettings settings = new SentSettings(Map.of("c", "max-staleness=10s"), () -> 0);
    outbox.start(channel, new BodyWriter("node", "me", settings));
    awaitIdleSender();
    outbox.add("c", 1);
    channel.accept();
    outbox.add("c", 2);

    assertThat(channel.tried().get(0)).contains("\"settings\"");
    assertThat(channel.tried().get(1)).isEqualTo(body("\"c\":[2]"));
  }

  @Tag("G5.2")
  @Test
  void aRefusal_isAskedForAgainAndToldOnce() {
    start();
    channel.refuse();
    outbox.add("c", 1);

    channel.decline(new RefusedException("Injected: refused", null));

    Awaitility.await().atMost(PATIENCE).until(() -> channel.tried().size() >= 2);
    Awaitility.await().atMost(PATIENCE).until(() -> !observer.failures().isEmpty());
    assertThat(observer.failures().get(0)).isInstanceOf(PublicationRefusedException.class);
    assertThat(outbox.pendingKeys()).isEqualTo(1);
  }

  @Test
  void whileARefusedOneIsKept_theSenderPublishes() {
    start();
    channel.refuse();
    outbox.add("c", 1);
    channel.decline(new RefusedException("Injected: refused", null));
    Awaitility.await().atMost(PATIENCE).until(() -> !observer.failures().isEmpty());
    awaitIdleSender();
    int before = channel.threads().size();

    outbox.add("c", 2);

    Awaitility.await().atMost(PATIENCE).until(() -> channel.tried().contains(body("\"c\":[2]")));
    assertThat(channel.threads().subList(before, channel.threads().size()))
        .doesNotContain(Thread.currentThread());
  }

  @Test
  void aChannelThatBreaksAtOnce_leavesThePublicationToTheSender() {
    start();
    channel.withEachPublication(
        () -> {
          channel.heal();
          throw new NoClassDefFoundError("Injected");
        });

    outbox.add("c", 1);

    assertThat(channel.awaitAccepted(1)).containsExactly(body("\"c\":[1]"));
  }

  @Test
  void anObserverThatBreaks_holdsNothingUp() {
    observer.breakDown();
    start();
    outbox.add("c", 1);

    channel.accept();

    assertThat(outbox.pendingKeys()).isZero();
    awaitIdleSender();
    outbox.add("c", 2);
    assertThat(channel.tried()).hasSize(2);
    channel.accept();
  }

  @Test
  void noAnswer_doesNotCountAsStuck() {
    outbox = outbox(true);
    start();
    channel.block();
    Acceptance acceptance = outbox.add("c", 1);

    channel.decline(new ChannelException("Injected: the connection was closed meanwhile", null));

    assertThat(Stuck.isStuck(outbox)).isFalse();
    channel.open();
    acceptance.await();
    assertThat(observer.failures()).isEmpty();
  }

  @Tag("G5.2")
  @Test
  void publicationWithoutAnAnswer_isTakenOverByTheSender() throws Exception {
    OutboxState state =
        new OutboxState(
            new ReentrantLock(), Duration.ofMillis(1), 1, Duration.ofMillis(500), System::nanoTime);
    Sender sender = sender(state);
    state.lock();
    state.sendBy(sender);
    state.unlock();
    CompletableFuture<@Nullable Batch> taken =
        CompletableFuture.supplyAsync(() -> takeFrom(state, sender), THREAD_PER_TASK);
    Batch joined = direct(state);

    Batch returned = taken.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

    assertThat(returned).isSameAs(joined);
    state.directAccepted(joined);
    state.lock();
    assertThat(state.pendingKeys()).isEqualTo(1);
    state.unlock();
  }

  @Test
  void aSenderThatAnotherHasReplaced_takesNothingMore() throws Exception {
    OutboxState state =
        new OutboxState(
            new ReentrantLock(),
            Duration.ofSeconds(60),
            1,
            Duration.ofMillis(500),
            System::nanoTime);
    Sender old = sender(state);
    Sender next = sender(state);
    state.lock();
    state.batch().add("c", 1);
    state.sendBy(next);
    state.unlock();

    assertThat(state.take(old, 0, Long.MAX_VALUE)).isNull();
    assertThat(state.take(next, 0, Long.MAX_VALUE)).isNotNull();
  }

  private static @Nullable Batch takeFrom(OutboxState state, Sender sender) {
    try {
      return state.take(sender, 0, Long.MAX_VALUE);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Has a writer take a key of its own, as soon as the sender is at rest. */
  private static Batch direct(OutboxState state) {
    while (true) {
      state.lock();
      try {
        Batch joined = state.batch();
        if (state.isAtRest()) {
          joined.add("c", 1);
          assertThat(state.directPublisherOrWake()).isNotNull();
          return joined;
        }
      } finally {
        state.unlock();
      }
      Thread.onSpinWait();
    }
  }

  @Test
  void stopWithoutAnAnswer_leavesTheKeysPending() {
    start();
    outbox.add("c", 1);

    outbox.stop(Duration.ofMillis(1));

    assertThat(outbox.pendingKeys()).isEqualTo(1);
    assertThat(observer.publishingEvents()).containsExactly("unpublished 1+0");
    channel.accept();
    assertThat(outbox.pendingKeys()).isEqualTo(1);
  }

  @Test
  void stopWithSeveralUnanswered_keepsAndCountsThemAll() {
    outbox = outbox(false, 2);
    start();
    outbox.add("c", 1);
    outbox.add("c", 2);

    outbox.stop(Duration.ofMillis(1));

    assertThat(outbox.pendingKeys()).isEqualTo(2);
    assertThat(observer.publishingEvents()).containsExactly("unpublished 2+0");
    start();
    assertThat(channel.awaitAccepted(1)).containsExactly(body("\"c\":[1,2]"));
  }

  @Test
  void publicationThatFailsDuringTheStop_leavesItsKeysPending() throws Exception {
    start();
    channel.fail();
    outbox.add("c", 1);
    CompletableFuture<Void> stopped = onAThread(() -> outbox.stop(Duration.ofMillis(100)));
    Awaitility.await().atMost(PATIENCE).until(() -> outbox.sender() == null);

    channel.decline(new ChannelException("Injected: closed", null));

    stopped.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(outbox.pendingKeys()).isEqualTo(1);
    assertThat(observer.publishingEvents()).contains("unpublished 1+0");
  }

  @Test
  void awaitOfARefusal_failsAsItDoesWithTheSender() {
    outbox = outbox(true);
    start();
    channel.refuse();
    Acceptance acceptance = outbox.add("c", 1);

    channel.decline(new RefusedException("Injected: refused", null));

    assertThatThrownBy(acceptance::await)
        .isInstanceOf(NotPublishedException.class)
        .hasCauseInstanceOf(PublicationRefusedException.class);
  }
}
