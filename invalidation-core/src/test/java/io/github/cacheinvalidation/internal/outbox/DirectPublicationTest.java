package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.Invalidation;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A write that finds nothing under way hands its keys to the channel; all else is the sender's. */
@Tag("G5")
class DirectPublicationTest extends DirectPublicationFixture {

  @Test
  void aQuietWrite_isHandedToTheChannelByItsThread() {
    start();

    outbox.add("c", 7);

    assertThat(channel.tried()).containsExactly(body("\"c\":[7]"));
    assertThat(channel.threads()).containsExactly(Thread.currentThread());
    assertThat(outbox.pendingKeys()).isEqualTo(1);
    channel.accept();
    assertThat(outbox.pendingKeys()).isZero();
    assertThat(observer.publishingEvents()).containsExactly("published 1+0");
  }

  @Test
  void writerOfADirectPublication_pauses_andOneThatJoinsABatchDoesNot() {
    start();

    outbox.add("c", 1).await();
    assertThat(pauses).hasValue(1);
    assertThat(outbox.add("c", 2)).isSameAs(Acceptance.NOT_AWAITED);
    assertThat(outbox.add("c", 3)).isSameAs(Acceptance.NOT_AWAITED);

    channel.accept();
  }

  @Test
  void writerThatWaitsForAcceptance_goesOnToWait() {
    outbox = outbox(true);
    start();

    Acceptance acceptance = outbox.addAll(List.of(new Invalidation.Keys<>("c", Set.of(1))));

    assertThat(acceptance).isInstanceOf(AwaitedAcceptance.class);
    channel.accept();
  }

  /** The key joins the batch only after its {@code hashCode} has returned. */
  private final class WritingKey {

    private boolean written;

    @Override
    public int hashCode() {
      if (!written) {
        written = true;
        outbox.add("d", 1).await();
      }
      return 1;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }
  }

  @Test
  void writeByTheHashCodeOfAKeyThatIsBeingAdded_takesNoBatchAway_andBothKeysArePublished() {
    start();

    outbox.add("c", new WritingKey());

    assertThat(String.join("", channel.awaitAccepted(1))).contains("\"d\":[1]", "\"c\":\"*\"");
    Awaitility.await().atMost(PATIENCE).until(() -> outbox.pendingKeys() == 0);
    assertThat(pauses).hasValue(0);
  }

  /** So the other nodes have evicted before the writer goes on, as a rule. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void directPublication_isAnnouncedFirst_whetherItsWriterWaitsOrNot(boolean await) {
    outbox = outbox(await);
    start();

    outbox.add("c", 7);

    assertThat(channel.announced()).containsExactly(body("\"c\":[7]"));
    channel.accept();
  }

  @Test
  void writesOfATransaction_arePublishedDirectly() {
    start();

    outbox.addAll(List.of(new Invalidation.Keys<>("c", Set.of(1)), new Invalidation.Whole<>("d")));

    assertThat(channel.tried()).containsExactly(body("\"c\":[1],\"d\":\"*\""));
    assertThat(channel.threads()).containsExactly(Thread.currentThread());
    channel.accept();
  }

  @Test
  void muchAtOnce_isLeftToTheSender() {
    start();
    Set<Object> many = IntStream.range(0, 100).boxed().collect(Collectors.toSet());

    outbox.addAll(List.of(new Invalidation.Keys<>("c", many)));

    assertThat(channel.awaitAccepted(1)).hasSize(1);
    assertThat(channel.threads()).doesNotContain(Thread.currentThread());
  }

  @Test
  void writesDuringADirectPublication_arePublishedByTheSenderAsOneBatch() {
    start();
    outbox.add("c", 1);

    outbox.add("c", 2);
    outbox.add("c", 3);
    assertThat(channel.tried()).hasSize(1);
    channel.accept();

    assertThat(channel.awaitAccepted(2)).containsExactly(body("\"c\":[1]"), body("\"c\":[2,3]"));
    assertThat(channel.threads().get(1)).isNotSameAs(Thread.currentThread());
  }

  @Test
  void whileOneIsUnderWay_theNextIsHandedToTheChannelAtOnce_upToALimit() {
    outbox = outbox(false, 2);
    start();

    outbox.add("c", 1);
    outbox.add("c", 2);
    outbox.add("c", 3);
    assertThat(channel.tried()).containsExactly(body("\"c\":[1]"), body("\"c\":[2]"));
    assertThat(outbox.pendingKeys()).isEqualTo(3);
    channel.accept();
    outbox.add("c", 4);
    assertThat(channel.tried()).as("what gathers is not overtaken").hasSize(2);
    channel.accept();

    assertThat(channel.awaitAccepted(3).get(2)).isEqualTo(body("\"c\":[3,4]"));
  }

  @Test
  void afterTheSenderHasDoneItsPart_theNextIsHandedToTheChannelAgain() {
    start();
    outbox.add("c", 1);
    outbox.add("c", 2);
    channel.accept();
    channel.awaitAccepted(2);
    awaitIdleSender();

    outbox.add("c", 3);

    assertThat(channel.threads().get(2)).isSameAs(Thread.currentThread());
    channel.accept();
  }

  @Test
  void anObserverThatStopsTheOutbox_doesNotWaitForItself() {
    observer.onPublished(() -> outbox.stop(Duration.ofSeconds(1)));
    start();
    outbox.add("c", 1);

    channel.accept();

    assertThat(outbox.sender()).isNull();
    assertThat(outbox.pendingKeys()).isZero();
  }

  @Test
  void stop_waitsForTheAnswerForItsTimeout() throws Exception {
    start();
    outbox.add("c", 1);

    CompletableFuture<Void> stopped = onAThread(() -> outbox.stop(PATIENCE.multipliedBy(10)));

    Awaitility.await().atMost(PATIENCE).until(() -> outbox.sender() == null);
    assertThat(stopped).isNotDone();
    channel.accept();
    stopped.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(outbox.pendingKeys()).isZero();
    assertThat(observer.publishingEvents()).containsExactly("published 1+0");
  }

  @Test
  void await_returnsAfterTheAnswer() {
    outbox = outbox(true);
    start();
    Acceptance acceptance = outbox.add("c", 1);
    CompletableFuture<Void> awaited = onAThread(acceptance::await);
    assertThat(awaited).isNotDone();

    channel.accept();

    assertThat(awaited).succeedsWithin(PATIENCE);
  }
}
