package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.KeyCodec;
import io.github.cacheinvalidation.NotPublishedException;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.testing.RecordingObserver;
import io.github.cacheinvalidation.testing.ScriptedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What was written here reaches the channel, whatever happens. */
@Tag("G5")
class OutboxTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final ScriptedChannel channel = new ScriptedChannel();

  private final RecordingObserver observer = new RecordingObserver();

  private final AtomicInteger nonces = new AtomicInteger();

  private final List<KeyCodec<?>> codecs = new ArrayList<>();

  private Outbox outbox = outbox(512, 100_000, false);

  private Outbox outbox(int maxBatchKeys, int maxPendingKeys, boolean await) {
    OutboxSettings settings =
        new OutboxSettings(await, Duration.ofSeconds(5), maxBatchKeys, maxPendingKeys);
    return new Outbox(
        new KeyEncoder(codecs),
        settings,
        observer,
        () -> "nonce-" + nonces.incrementAndGet(),
        new Random(3));
  }

  private void start() {
    start("me");
  }

  private void start(String id) {
    outbox.start(channel, new BodyWriter("node", id));
  }

  /** Starts, and keeps the sender busy with a first message so that others gather. */
  private void startBusy() throws InterruptedException {
    channel.block();
    start();
    outbox.add("first", 0);
    channel.awaitEntered(1);
  }

  @AfterEach
  void stop() {
    channel.heal();
    channel.open();
    outbox.stop(Duration.ofSeconds(1));
  }

  private static String body(String id, String caches) {
    return "{\"v\":1,\"from\":\"node/" + id + "\",\"body\":1,\"caches\":{" + caches + "}}";
  }

  // Gathering

  @Test
  void aKey_isSentAtOnce() {
    start();

    outbox.add("c", 7);

    assertThat(channel.awaitAccepted(1)).containsExactly(body("me", "\"c\":[7]"));
  }

  @Test
  void whileOneMessageIsUnderWay_theNextGathers() throws InterruptedException {
    startBusy();

    outbox.add("c", 1);
    outbox.add("c", 2);
    outbox.add("d", "x");
    channel.letThrough(2);

    assertThat(channel.awaitAccepted(2))
        .containsExactly(body("me", "\"first\":[0]"), body("me", "\"c\":[1,2],\"d\":[\"x\"]"));
  }

  @Test
  void theSameKeyTwiceInABatch_isSentOnce() throws InterruptedException {
    startBusy();

    IntStream.range(0, 100).forEach(i -> outbox.add("c", 1));
    channel.letThrough(2);

    assertThat(channel.awaitAccepted(2).get(1)).isEqualTo(body("me", "\"c\":[1]"));
  }

  @Test
  void aKeyOfTheMessageUnderWay_isSentAgain() throws InterruptedException {
    startBusy();

    outbox.add("first", 0);
    channel.letThrough(2);

    assertThat(channel.awaitAccepted(2)).hasSize(2).containsOnly(body("me", "\"first\":[0]"));
  }

  @Test
  void aWholeCache_standsForItsKeys() throws InterruptedException {
    startBusy();

    outbox.add("c", 1);
    outbox.addAll(List.of(new Invalidation.Whole<>("c")));
    outbox.add("c", 2);
    channel.letThrough(2);

    assertThat(channel.awaitAccepted(2).get(1)).isEqualTo(body("me", "\"c\":\"*\""));
    assertThat(outbox.pendingKeys()).isZero();
  }

  @Test
  void whatATransactionWrote_travelsInOneMessage() {
    start();

    outbox.addAll(
        List.of(
            new Invalidation.Keys<>("c", new LinkedHashSet<>(List.of(1, 2))),
            new Invalidation.Whole<>("d")));

    assertThat(channel.awaitAccepted(1)).containsExactly(body("me", "\"c\":[1,2],\"d\":\"*\""));
  }

  @Test
  void add_returnsWhileTheChannelBlocks() throws InterruptedException {
    startBusy();
    CountDownLatch returned = new CountDownLatch(1);

    Thread writer =
        new Thread(
            () -> {
              IntStream.range(0, 10_000).forEach(i -> outbox.add("c", i));
              returned.countDown();
            });
    writer.start();

    assertThat(returned.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(channel.accepted()).isEmpty();
    assertThat(outbox.pendingKeys()).isEqualTo(10_001);
  }

  // Overflow

  @Test
  void tooManyKeys_becomeTheWholeCacheAndTheObserverIsToldOnce() throws InterruptedException {
    outbox = outbox(512, 100, false);
    startBusy();

    IntStream.range(0, 100_000).forEach(i -> outbox.add("c", i));

    assertThat(outbox.pendingKeys()).isLessThanOrEqualTo(101);
    channel.letThrough(2);
    assertThat(channel.awaitAccepted(2).get(1)).isEqualTo(body("me", "\"c\":\"*\""));
    assertThat(observer.publishingEvents().stream().filter("overflowed c NOT_ACCEPTED"::equals))
        .hasSize(1);
  }

  @Test
  void tooManyKeysOfManyCaches_areNeverNothing() throws InterruptedException {
    outbox = outbox(512, 10, false);
    startBusy();

    for (int i = 0; i < 1_000; i++) {
      outbox.add("c" + i % 20, i);
    }
    channel.letThrough(2);

    String message = channel.awaitAccepted(2).get(1);
    for (int cache = 0; cache < 20; cache++) {
      assertThat(message).contains("\"c" + cache + "\":");
    }
    assertThat(outbox.pendingKeys()).isZero();
  }

  // Failure

  @Test
  void aFailedPublication_isTriedAgainWithAFreshNonce() throws InterruptedException {
    channel.fail();
    start();

    outbox.add("c", 7);
    channel.awaitEntered(3);
    assertThat(Stuck.isStuck(outbox)).isTrue();
    assertThat(outbox.pendingKeys()).isEqualTo(1);
    channel.heal();

    assertThat(channel.awaitAccepted(1)).containsExactly(body("me", "\"c\":[7]"));
    assertThat(channel.nonces()).doesNotHaveDuplicates();
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> !Stuck.isStuck(outbox) && outbox.pendingKeys() == 0);
  }

  @Test
  void aLostConnection_isTriedAgainOnAFreshOne_andNotToldWhereThatIsAccepted() {
    channel.loseConnection();
    channel.withEachPublication(
        () -> {
          if (channel.tried().size() == 2) {
            channel.heal();
          }
        });
    start();

    outbox.add("c", 7);

    channel.awaitAccepted(1);
    Awaitility.await().atMost(PATIENCE).until(() -> outbox.pendingKeys() == 0);
    assertThat(channel.nonces()).hasSize(2).doesNotHaveDuplicates();
    assertThat(observer.failures()).isEmpty();
    assertThat(Stuck.isStuck(outbox)).isFalse();
  }

  @Test
  void aConnectionLostTwiceInARow_isTold() {
    channel.loseConnection();
    start();

    outbox.add("c", 7);

    Awaitility.await().atMost(PATIENCE).until(() -> !observer.failures().isEmpty());
    assertThat(channel.tried()).hasSizeGreaterThanOrEqualTo(2);
    assertThat(Stuck.isStuck(outbox)).isTrue();
    channel.heal();
  }

  @Test
  void anErrorOutOfTheDriver_isTriedAgain() throws InterruptedException {
    channel.breakDown();
    start();

    outbox.add("c", 7);
    channel.awaitEntered(2);
    channel.heal();

    assertThat(channel.awaitAccepted(1)).containsExactly(body("me", "\"c\":[7]"));
  }

  @Test
  void anInterruptOnTheSendersThread_endsNothing() {
    codecs.add(
        KeyCodec.of(
            "poison",
            Poison.class,
            key -> {
              Thread.currentThread().interrupt();
              return "p";
            },
            text -> new Poison(0, false)));
    outbox = outbox(512, 100, false);
    start();

    outbox.add("c", new Poison(0, false));
    channel.awaitAccepted(1);
    outbox.add("c", 7);

    assertThat(channel.awaitAccepted(2).get(1)).isEqualTo(body("me", "\"c\":[7]"));
  }

  // Poison

  /** A key whose own methods throw. */
  private static final class Poison {

    private final int hash;

    private final boolean throwing;

    Poison(int hash, boolean throwing) {
      this.hash = hash;
      this.throwing = throwing;
    }

    @Override
    public int hashCode() {
      if (throwing) {
        throw new IllegalStateException("Injected: no hash code");
      }
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      throw new ClassCastException("Injected: not comparable");
    }
  }

  @Test
  void aKeyWhoseHashCodeThrows_standsForItsCacheAndNothingElseIsLost() throws InterruptedException {
    startBusy();

    outbox.add("c", 1);
    outbox.add("c", new Poison(0, true));
    outbox.add("d", 2);
    channel.letThrough(2);

    assertThat(channel.awaitAccepted(2).get(1)).isEqualTo(body("me", "\"c\":\"*\",\"d\":[2]"));
    assertThat(observer.publishingEvents()).contains("not encodable c Poison");
  }

  @Test
  void aKeyWhoseEqualsThrows_doesNotLoseTheRestOfItsTransaction() throws InterruptedException {
    startBusy();
    outbox.add("c", 7);

    outbox.addAll(
        List.of(
            new Invalidation.Keys<>("c", Set.of(new Poison(7, false))),
            new Invalidation.Keys<>("d", Set.of(8)),
            new Invalidation.Whole<>("e")));
    channel.letThrough(2);

    assertThat(channel.awaitAccepted(2).get(1))
        .isEqualTo(body("me", "\"c\":\"*\",\"d\":[8],\"e\":\"*\""));
  }

  @Test
  void aCodecThatThrows_standsForTheCacheAndTheSenderLives() {
    codecs.add(
        KeyCodec.of(
            "poison",
            Poison.class,
            key -> {
              throw new AssertionError("Injected: broken codec");
            },
            text -> new Poison(0, false)));
    outbox = outbox(512, 100, false);
    start();

    outbox.add("c", new Poison(1, false));
    channel.awaitAccepted(1);
    outbox.add("d", 2);

    assertThat(channel.awaitAccepted(2))
        .containsExactly(body("me", "\"c\":\"*\""), body("me", "\"d\":[2]"));
  }

  @Test
  void aCacheWhoseNameIsNotUnicode_isReportedAndTheSenderLives() throws InterruptedException {
    startBusy();

    outbox.add("c", 1);
    outbox.add("\uD800", 2);
    outbox.add("n".repeat(20_000), 2);
    outbox.add("d", 3);
    channel.letThrough(1_000);

    assertThat(channel.awaitAccepted(2).get(1)).isEqualTo(body("me", "\"c\":[1],\"d\":[3]"));
    assertThat(observer.publishingEvents()).contains("not encodable \uD800 String");
    outbox.add("e", 4);
    assertThat(channel.awaitAccepted(3)).hasSize(3);
  }

  // Stopping and starting

  @Test
  void stop_sendsWhatIsPending() throws InterruptedException {
    startBusy();
    outbox.add("c", 1);
    channel.open();

    outbox.stop(PATIENCE);

    assertThat(channel.accepted()).hasSize(2);
    assertThat(observer.publishingEvents()).doesNotContain("unpublished 1+0");
  }

  @Test
  void stopWithoutAServer_reportsAndKeepsWhatItCouldNotSend() throws InterruptedException {
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
  void whatIsAddedWhileStopped_isSentByTheNextStart() {
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

  // Waiting

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
