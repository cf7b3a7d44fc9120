package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.ForeignMessageWriter.Message;
import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.OverflowCause;
import io.github.cacheinvalidation.internal.channel.RefusedException;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the sender has published is published in the formats of the application too. */
class ForeignPublisherTest extends ForeignPublisherFixture {

  /** Returns how many messages were accepted at each call of the writer from now on. */
  private List<Integer> recordAcceptedAtCalls() {
    List<Integer> accepted = new CopyOnWriteArrayList<>();
    writers.add(
        stale -> {
          accepted.add(channel.accepted().size());
          return null;
        });
    outbox = outbox(512, 100_000, false);
    return accepted;
  }

  private void awaitNothingLeft() {
    await().atMost(PATIENCE).until(() -> outbox.pendingKeys() == 0);
    outbox.stop(PATIENCE);
  }

  @Test
  void acceptedKeysAndCaches_areWrittenOnce() {
    outbox.add("c", 1);
    outbox.addAll(List.of(Invalidation.keys("d", "x", "y"), new Invalidation.Whole<>("e")));
    start();

    awaitNothingLeft();

    assertThat(channel.foreign())
        .containsExactlyInAnyOrder("old c:1", "old d:x", "old d:y", "old e");
  }

  @Test
  void aMessage_isNotWrittenBeforeTheChannelHasAcceptedIt() throws InterruptedException {
    List<Integer> acceptedAtCalls = recordAcceptedAtCalls();
    channel.block();
    start();
    outbox.add("c", 1);
    channel.awaitEntered(1);
    channel.open();
    awaitNothingLeft();

    assertThat(channel.foreign()).containsExactly("old c:1");
    assertThat(acceptedAtCalls).containsExactly(1);
  }

  @Test
  void aMessageWithoutAnAnswer_isWrittenOnceAfterItWasAccepted() throws InterruptedException {
    List<Integer> acceptedAtCalls = recordAcceptedAtCalls();
    channel.fail();
    start();
    outbox.add("c", 1);
    channel.awaitEntered(3);

    channel.heal();
    awaitNothingLeft();

    assertThat(channel.foreign()).containsExactly("old c:1");
    assertThat(acceptedAtCalls).containsExactly(1);
  }

  @Test
  void aRefusedMessageThatSubscribersWereSent_isWrittenThenAndNotAgainWhenItIsAccepted()
      throws InterruptedException {
    channel.refuse();
    start();
    outbox.add("c", 1);

    awaitForeign(1);
    channel.awaitEntered(3);
    channel.heal();
    channel.awaitAccepted(1);
    awaitNothingLeft();

    assertThat(channel.foreign()).containsExactly("old c:1");
  }

  @Test
  void aBatchOfSeveralMessages_isWrittenAfterAllOfThem() throws InterruptedException {
    List<Integer> acceptedAtCalls = recordAcceptedAtCalls();
    outbox = outbox(2, 100_000, false);
    startBusy();
    outbox.addAll(List.of(Invalidation.keys("c", 1, 2, 3)));
    channel.letThrough(2);
    channel.awaitEntered(2);
    assertThat(awaitForeign(1)).containsExactly("old first:0");
    channel.open();
    awaitNothingLeft();

    assertThat(channel.foreign()).containsExactly("old first:0", "old c:1", "old c:2", "old c:3");
    assertThat(acceptedAtCalls).last().isEqualTo(3);
  }

  @Test
  void nullOrNoMessages_publishNothing() {
    use(stale -> stale.cache().equals("c") ? null : List.of(), OLD_FORM);
    outbox.add("c", 1);
    outbox.add("d", 1);
    start();

    awaitNothingLeft();

    assertThat(channel.foreign()).containsExactlyInAnyOrder("old c:1", "old d:1");
    assertThat(observer.publishingEvents()).containsExactly("published 2+0");
  }

  @Test
  void anExceptionOrAnErrorOfAWriter_isToldAndHoldsNothingUp() {
    use(
        stale -> {
          throw new IOException("Injected");
        },
        stale -> {
          throw new NoClassDefFoundError("Injected");
        },
        OLD_FORM);
    outbox.add("c", 1);
    outbox.add("d", 1);
    start();

    awaitNothingLeft();

    assertThat(channel.foreign()).containsExactlyInAnyOrder("old c:1", "old d:1");
    assertThat(observer.publishingEvents())
        .containsExactlyInAnyOrder("published 2+0", "lost c", "lost c", "lost d", "lost d");
  }

  @Test
  void aMessageThatIsNull_isTold() {
    use(stale -> Collections.singletonList(null), OLD_FORM);
    outbox.add("c", 1);
    start();

    awaitNothingLeft();

    assertThat(channel.foreign()).containsExactly("old c:1");
    assertThat(observer.publishingEvents()).contains("lost c");
  }

  @Test
  void aForeignMessageWithoutAnAnswer_isToldAndPublishedAgain() {
    channel.answerForeign(name -> channel.foreign().size() < 3 ? noAnswer() : null);
    outbox.add("c", 1);
    start();

    assertThat(awaitForeign(4)).containsExactly("old c:1", "old c:1", "old c:1", "old c:1");
    awaitNothingLeft();

    assertThat(channel.foreign()).hasSize(4);
    assertThat(observer.publishingEvents())
        .containsExactly("published 1+0", "retried c", "retried c", "retried c");
  }

  @Test
  void aForeignMessageThatMayNotBePublished_isToldAndTheOthersArePublished() {
    use(
        stale ->
            List.of(
                Message.of("forbidden", "x"),
                Message.of("old", "y"),
                Message.of("forbidden", "z")));
    channel.answerForeign(
        name -> name.equals("forbidden") ? new RefusedException("Injected: no right", null) : null);
    outbox.add("c", 1);
    start();

    awaitNothingLeft();

    assertThat(channel.foreign()).containsExactly("forbidden x", "old y", "forbidden z");
    assertThat(observer.publishingEvents()).containsExactly("published 1+0", "lost c", "lost c");
  }

  @Test
  void aWriter_cannotChangeTheKeys() {
    List<Throwable> thrown = new CopyOnWriteArrayList<>();
    use(
        stale -> {
          if (stale instanceof Invalidation.Keys<Object> some) {
            assertThatThrownBy(() -> some.keys().clear())
                .satisfies(thrown::add)
                .isInstanceOf(UnsupportedOperationException.class);
          }
          return null;
        });
    outbox.add("c", 1);
    start();

    awaitNothingLeft();

    assertThat(thrown).hasSize(1);
  }

  @Test
  void aWriterThatBlocks_delaysNoPublicationAndNoWriter() throws InterruptedException {
    CountDownLatch blocked = new CountDownLatch(1);
    List<String> threads = new CopyOnWriteArrayList<>();
    use(
        stale -> {
          threads.add(Thread.currentThread().getName());
          blocked.await();
          return OLD_FORM.write(stale);
        });
    outbox = outbox(512, 100_000, true);
    start();
    outbox.add("c", 1).await();
    await().atMost(PATIENCE).until(() -> !threads.isEmpty());

    outbox.add("c", 2).await();
    outbox.add("c", 3).await();

    assertThat(channel.accepted()).hasSize(3);
    assertThat(channel.foreign()).isEmpty();
    blocked.countDown();
    assertThat(awaitForeign(3)).containsExactlyInAnyOrder("old c:1", "old c:2", "old c:3");
    assertThat(threads).containsOnly("cache-invalidation-foreign");
  }

  @Test
  void tooManyWaitingKeys_becomeTheWholeCacheForTheWriterAlone() throws InterruptedException {
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch entered = new CountDownLatch(1);
    use(
        stale -> {
          entered.countDown();
          blocked.await();
          return OLD_FORM.write(stale);
        });
    outbox = outbox(512, 10, false);
    start();
    outbox.add("first", 1);
    assertThat(entered.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    IntStream.rangeClosed(1, 11)
        .forEach(
            key -> {
              outbox.add("c", key);
              channel.awaitAccepted(key + 1);
            });

    await()
        .atMost(PATIENCE)
        .until(() -> observer.publishingEvents().contains("overflowed c " + OverflowCause.FOREIGN));
    blocked.countDown();

    assertThat(awaitForeign(2)).containsExactly("old first:1", "old c");
    assertThat(channel.accepted()).noneMatch(body -> body.contains("*"));
  }

  @Test
  void withoutAWriter_thereIsNoThread() {
    use();
    start();
    outbox.add("c", 1);
    channel.awaitAccepted(1);

    assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
        .doesNotContain("cache-invalidation-foreign");
  }
}
