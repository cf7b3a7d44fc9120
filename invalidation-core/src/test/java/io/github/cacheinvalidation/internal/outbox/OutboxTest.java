package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.Invalidation;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every write of this node reaches the channel, in spite of failures. */
@Tag("G5")
class OutboxTest extends OutboxFixture {

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
  void writesOfATransaction_travelInOneMessage() {
    start();

    outbox.addAll(
        List.of(
            new Invalidation.Keys<>("c", new LinkedHashSet<>(List.of(1, 2))),
            new Invalidation.Whole<>("d")));

    assertThat(channel.awaitAccepted(1)).containsExactly(body("me", "\"c\":[1,2],\"d\":\"*\""));
  }

  @Tag("G8.4")
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

  @Tag("G5.4")
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

  @Tag("G5.4")
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

  @Tag("G5.1")
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

  @Tag("G5.14")
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

  @Tag("G5.14")
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
}
