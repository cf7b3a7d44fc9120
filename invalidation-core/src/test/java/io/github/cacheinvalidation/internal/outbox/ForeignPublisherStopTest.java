package io.github.cacheinvalidation.internal.outbox;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.CompletableFuture.runAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.testing.ThreadPerTask;
import io.github.cacheinvalidation.testing.junit.LogLines;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a stop, and the next start, do with invalidations that wait for other programs. */
class ForeignPublisherStopTest extends ForeignPublisherFixture {

  @Test
  void whatIsLeftAtTheStop_isToldAndPublishedAfterTheNextStart() {
    channel.answerForeign(name -> noAnswer());
    start("first");
    outbox.add("c", 1);
    awaitForeign(1);

    outbox.stop(Duration.ofMillis(1));

    assertThat(observer.publishingEvents()).contains("lost c");
    channel.answerForeign(name -> null);
    channel.foreign().clear();
    start("second");
    assertThat(awaitForeign(1)).containsExactly("old c:1");
  }

  @Test
  void aStop_waitsForWhatIsLeft() {
    channel.answerForeign(name -> channel.foreign().size() < 3 ? noAnswer() : null);
    start();
    outbox.add("c", 1);
    channel.awaitAccepted(1);

    outbox.stop(PATIENCE);

    assertThat(channel.foreign()).hasSize(4);
    assertThat(observer.publishingEvents()).doesNotContain("lost c");
  }

  /** The sender of the first start, held up by a writer, is told that its time is up. */
  @Test
  void aSenderThatIsReleasedAfterTheNextStart_leavesTheInvalidationsToTheNewOne()
      throws InterruptedException {
    Map<Object, CountDownLatch> entered =
        Map.of(1, new CountDownLatch(1), 2, new CountDownLatch(1));
    Map<Object, CountDownLatch> released =
        Map.of(1, new CountDownLatch(1), 2, new CountDownLatch(1));
    Map<Object, Thread> callers = new ConcurrentHashMap<>();
    use(
        stale -> {
          Object key = ((Invalidation.Keys<Object>) stale).keys().iterator().next();
          callers.putIfAbsent(key, Thread.currentThread());
          if (entered.containsKey(key)) {
            requireNonNull(entered.get(key)).countDown();
            requireNonNull(released.get(key)).await();
          }
          return key.equals(1) ? null : OLD_FORM.write(stale);
        });
    start("first");
    outbox.add("c", 1);
    awaitReached(entered.get(1));
    outbox.stop(Duration.ofMillis(1));
    start("second");
    outbox.add("c", 2);
    awaitReached(entered.get(2));
    outbox.add("c", 3);
    channel.awaitAccepted(3);
    Thread first = requireNonNull(callers.get(1));

    requireNonNull(released.get(1)).countDown();
    first.join(PATIENCE.toMillis());

    assertThat(first.isAlive()).as("the first sender goes on").isFalse();
    assertThat(callers).as("callers of the writer").doesNotContainKey(3);
    assertThat(observer.publishingEvents()).doesNotContain("lost c");
    requireNonNull(released.get(2)).countDown();
    assertThat(awaitForeign(2)).containsExactly("old c:2", "old c:3");
    assertThat(callers.get(3)).isSameAs(callers.get(2)).isNotSameAs(first);
  }

  private static void awaitReached(@Nullable CountDownLatch latch) throws InterruptedException {
    assertThat(requireNonNull(latch).await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aStop_isBoundedIfAWriterHangs_andSaysSoOnce() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch entered = new CountDownLatch(1);
    use(
        stale -> {
          entered.countDown();
          never.await();
          return OLD_FORM.write(stale);
        });
    start();
    outbox.add("c", 1);
    awaitReached(entered);

    try (LogLines log = LogLines.warnings()) {
      runAsync(() -> outbox.stop(Duration.ofMillis(1)), ThreadPerTask.THREAD_PER_TASK)
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

      assertThat(
              log.containing("The node stops without waiting longer for the ForeignMessageWriter"))
          .singleElement()
          .asString()
          .contains(ForeignPublisherStopTest.class.getName(), "Give the writer a timeout");
    }
    assertThat(channel.foreign()).isEmpty();

    never.countDown();
    await().atMost(PATIENCE).until(() -> observer.publishingEvents().contains("lost c"));
    start("second");
    assertThat(awaitForeign(1)).as("after the next start").containsExactly("old c:1");
  }

  @Test
  void aStopThatWaitsForRedisAlone_saysNothingOfAWriter() {
    channel.answerForeign(name -> noAnswer());
    start();
    outbox.add("c", 1);
    awaitForeign(1);

    try (LogLines log = LogLines.warnings()) {
      outbox.stop(Duration.ofMillis(1));

      assertThat(log.containing("ForeignMessageWriter")).isEmpty();
    }
  }

  @Test
  void noThread_isLeftAfterAStop() {
    start();
    outbox.add("c", 1);
    awaitForeign(1);

    outbox.stop(PATIENCE);

    assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
        .doesNotContain("cache-invalidation-foreign");
  }
}
