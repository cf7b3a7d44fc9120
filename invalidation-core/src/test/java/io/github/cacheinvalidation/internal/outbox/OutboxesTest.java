package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.NotPublishedException;
import io.github.cacheinvalidation.testing.ScriptedChannel;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On which channels writes are published, and what a writer waits for. */
class OutboxesTest extends OutboxesFixture {

  @Test
  void key_isPublishedOnTheChannelOfItsCache() {
    start();

    outboxes.sink().add("red", 1);
    outboxes.sink().add("blue", 2);
    outboxes.sink().add("green", 3);

    assertThat(reds.awaitAccepted(1)).containsExactly(body("\"red\":[1]"));
    assertThat(blues.awaitAccepted(1)).containsExactly(body("\"blue\":[2]"));
    assertThat(own.awaitAccepted(1)).containsExactly(body("\"green\":[3]"));
  }

  @Test
  void writesOfATransaction_areOneMessageForEachChannel() {
    start();

    outboxes
        .sink()
        .addAll(
            List.of(
                new Invalidation.Whole<>("red"),
                new Invalidation.Whole<>("blue"),
                new Invalidation.Whole<>("crimson"),
                new Invalidation.Whole<>("green")));

    assertThat(reds.awaitAccepted(1)).containsExactly(body("\"red\":\"*\",\"crimson\":\"*\""));
    assertThat(blues.awaitAccepted(1)).containsExactly(body("\"blue\":\"*\""));
    assertThat(own.awaitAccepted(1)).containsExactly(body("\"green\":\"*\""));
  }

  /** As memory that runs out while the keys are added. */
  @Test
  void partThatCannotBeAdded_keepsTheOtherPartsFromNothing() {
    start();
    List<Object> broken =
        new AbstractList<>() {
          @Override
          public Object get(int index) {
            throw new IllegalStateException("Injected");
          }

          @Override
          public Iterator<Object> iterator() {
            throw new IllegalStateException("Injected");
          }

          @Override
          public int size() {
            return 1;
          }
        };

    assertThatThrownBy(
            () ->
                outboxes
                    .sink()
                    .addAll(
                        List.of(
                            new Invalidation.Keys<>("red", broken),
                            new Invalidation.Whole<>("blue"))))
        .hasMessage("Injected");

    assertThat(blues.awaitAccepted(1)).containsExactly(body("\"blue\":\"*\""));
  }

  @Test
  void awaitedWrite_waitsForAllItsChannels() throws Exception {
    outboxes = outboxes(true, PATIENCE);
    blues.block();
    start();

    CompletableFuture<Void> written =
        CompletableFuture.runAsync(
            () ->
                outboxes
                    .sink()
                    .addAll(
                        List.of(new Invalidation.Whole<>("red"), new Invalidation.Whole<>("blue")))
                    .await(),
            writer);
    reds.awaitAccepted(1);
    blues.awaitEntered(1);
    assertThat(written).isNotDone();
    blues.open();

    await().atMost(PATIENCE).until(written::isDone);
    assertThat(written).isCompleted();
  }

  @Test
  void awaitedWrite_failsIfOneOfItsChannelsFails() {
    outboxes = outboxes(true, PATIENCE);
    blues.fail();
    start();
    Acceptance both =
        outboxes
            .sink()
            .addAll(List.of(new Invalidation.Whole<>("red"), new Invalidation.Whole<>("blue")));

    await().atMost(PATIENCE).until(() -> !observer.failures().isEmpty());

    assertThatExceptionOfType(NotPublishedException.class).isThrownBy(both::await);
    assertThatExceptionOfType(NotPublishedException.class).isThrownBy(both::awaitInsideTransaction);
  }

  @Test
  void waitForSeveralChannels_beginsOnce() {
    List<String> waits = new ArrayList<>();
    Acceptance part =
        new Acceptance() {
          @Override
          public void await() {
            throw new IllegalStateException("a wait of its own");
          }

          @Override
          public void awaitSince(long sinceNanos, boolean insideTransaction) {
            waits.add(sinceNanos + " " + insideTransaction);
          }
        };
    Acceptance both = AcceptanceOfAll.of(List.of(part, Acceptance.NOT_AWAITED, part));

    both.await();
    both.awaitInsideTransaction();

    assertThat(waits).hasSize(4);
    assertThat(waits.get(0)).isEqualTo(waits.get(1)).endsWith("false");
    assertThat(waits.get(2)).isEqualTo(waits.get(3)).endsWith("true");
  }

  @Test
  void writeThatNobodyAwaits_hasNoAcceptance() {
    assertThat(AcceptanceOfAll.of(List.of(Acceptance.NOT_AWAITED, Acceptance.NOT_AWAITED)))
        .isSameAs(Acceptance.NOT_AWAITED);
  }

  /** An hour is over, so nothing is left of the wait. */
  @Test
  void waitThatBeganLongAgo_isOver() {
    outboxes = outboxes(true, Duration.ofHours(1));
    blues.block();
    start();
    Acceptance written = outboxes.sink().add("blue", 1);

    assertThatExceptionOfType(NotPublishedException.class)
        .isThrownBy(
            () -> written.awaitSince(System.nanoTime() - Duration.ofHours(2).toNanos(), false));
  }

  @Test
  void pendingKeys_areThoseOfAllChannels() throws InterruptedException {
    List.of(own, reds, blues).forEach(ScriptedChannel::block);
    start();
    outboxes.sink().add("red", 1);
    outboxes.sink().addAll(List.of(new Invalidation.Keys<>("blue", keys(2, 3))));
    reds.awaitEntered(1);
    blues.awaitEntered(1);

    assertThat(outboxes.pendingKeys()).isEqualTo(3);
    assertThat(outboxes.isDrained()).isFalse();
    assertThat(outboxes.longestWait()).isPositive();
    reds.open();
    await().atMost(PATIENCE).until(() -> outboxes.pendingKeys() == 2);
    assertThat(outboxes.isDrained()).isFalse();
    blues.open();
    await().atMost(PATIENCE).until(outboxes::isDrained);
    assertThat(outboxes.longestWait()).isZero();
  }

  @Test
  void channelThatFails_delaysNoOther() {
    reds.fail();
    start();

    outboxes.sink().add("red", 1);
    await().atMost(PATIENCE).until(() -> !observer.failures().isEmpty());
    outboxes.sink().add("blue", 2);
    outboxes.sink().add("green", 3);

    blues.awaitAccepted(1);
    own.awaitAccepted(1);
    assertThat(outboxes.pendingKeys()).isEqualTo(1);
  }

  private CompletableFuture<Void> write(List<Invalidation.OfCache<Object>> stale) {
    return CompletableFuture.runAsync(() -> outboxes.sink().addAll(stale), writer);
  }

  /** The full outbox has the first part. Its channel accepts nothing before the others have. */
  @Test
  void fullOutbox_delaysTheWritesForNoOtherChannel() throws InterruptedException {
    outboxes = outboxes(new OutboxSettings(false, HOUR, 1, 1));
    reds.block();
    start();
    outboxes.sink().add("red", 0);
    reds.awaitEntered(1);

    CompletableFuture<Void> written =
        write(
            List.of(
                new Invalidation.Keys<>("red", keys(1, 2)),
                new Invalidation.Keys<>("blue", keys(3)),
                new Invalidation.Keys<>("crimson", keys(4)),
                new Invalidation.Keys<>("green", keys(5))));

    assertThat(blues.awaitAccepted(1)).containsExactly(body("\"blue\":[3]"));
    assertThat(own.awaitAccepted(1)).containsExactly(body("\"green\":[5]"));
    assertThat(written).isNotDone();
    assertThat(reds.accepted()).isEmpty();
    reds.open();
    await().atMost(PATIENCE).until(written::isDone);
    assertThat(keysOf(reds.awaitAccepted(4))).containsExactlyInAnyOrder("0", "1", "2", "4");
    assertThat(observer.publishingEvents()).noneMatch(each -> each.startsWith("overflow"));
  }

  /** With a batch of one key, each message has one. */
  private static List<String> keysOf(List<String> bodies) {
    return bodies.stream().map(each -> each.replaceAll(".*\\[(\\d+)].*", "$1")).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void everyKeyOfAWriter_isPublished_whateverRoomThereIs(int room) throws InterruptedException {
    outboxes = outboxes(new OutboxSettings(false, HOUR, 1, room));
    List.of(reds, blues).forEach(ScriptedChannel::block);
    start();

    CompletableFuture<Void> written =
        write(
            IntStream.range(0, 12)
                .<Invalidation.OfCache<Object>>mapToObj(
                    key -> new Invalidation.Keys<>(key % 2 == 0 ? "red" : "blue", keys(key)))
                .toList());
    reds.awaitEntered(1);
    blues.awaitEntered(1);
    blues.open();
    assertThat(keysOf(blues.awaitAccepted(Math.min(6, room + 1)))).contains("1");
    reds.open();

    await().atMost(PATIENCE).until(written::isDone);
    assertThat(keysOf(reds.awaitAccepted(6))).containsExactlyInAnyOrderElementsOf(every2nd(0));
    assertThat(keysOf(blues.awaitAccepted(6))).containsExactlyInAnyOrderElementsOf(every2nd(1));
    assertThat(observer.publishingEvents()).noneMatch(each -> each.startsWith("overflow"));
  }

  private static List<String> every2nd(int from) {
    return IntStream.range(0, 6).mapToObj(each -> String.valueOf(2 * each + from)).toList();
  }

  @Test
  void stop_publishesWhatWaitsForAnyChannel() throws InterruptedException {
    List.of(own, reds, blues).forEach(ScriptedChannel::block);
    start();
    outboxes.sink().add("red", 1);
    outboxes.sink().add("blue", 2);
    reds.awaitEntered(1);
    blues.awaitEntered(1);
    outboxes.sink().add("crimson", 3);
    outboxes.sink().add("blue", 4);
    List.of(own, reds, blues).forEach(ScriptedChannel::open);

    outboxes.stop(PATIENCE);

    assertThat(reds.accepted()).hasSize(2);
    assertThat(blues.accepted()).hasSize(2);
    assertThat(observer.publishingEvents()).doesNotContain("unpublished 1+0");
    assertThat(foreign).extracting(Invalidation.OfCache::cache).contains("red", "crimson", "blue");
  }

  /** Neither sender ends before its last attempt does, so they must end together. */
  @Test
  void stopWithoutTime_reportsOnceWhatIsLeftOnAllChannels() {
    reds.fail();
    blues.fail();
    start();
    outboxes.sink().add("red", 1);
    outboxes.sink().addAll(List.of(new Invalidation.Whole<>("blue")));
    await().atMost(PATIENCE).until(() -> observer.failures().size() >= 2);

    outboxes.stop(Duration.ofMillis(1));

    assertThat(observer.publishingEvents()).contains("unpublished 1+1");
    assertThat(observer.publishingEvents().stream().filter(each -> each.startsWith("unpublished")))
        .hasSize(1);
    assertThat(outboxes.pendingKeys()).isEqualTo(1);
  }

  @Test
  void keysOfAStoppedOutbox_arePublishedAtTheNextStart() {
    outboxes.sink().add("red", 1);
    assertThat(outboxes.close()).isTrue();

    start();

    reds.awaitAccepted(1);
    outboxes.stop(PATIENCE);
    assertThat(outboxes.close()).isFalse();
  }

  @Test
  void withoutCacheChannels_theOutboxTakesTheWritesItself() {
    ForeignPublisher none = OutboxFixture.noWriters();
    Outbox only = outbox(OutboxSettings.defaults(), none);

    assertThat(new Outboxes(only, Map.of(), channel -> only, none, observer, cache -> true).sink())
        .isSameAs(only);
  }
}
