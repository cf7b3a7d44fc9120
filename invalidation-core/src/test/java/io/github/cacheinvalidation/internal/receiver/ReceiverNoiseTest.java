package io.github.cacheinvalidation.internal.receiver;

import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.INTERVAL;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.SERVER;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.at;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.message.Position;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Messages outside the chain, which any client can send. */
@Tag("G7")
class ReceiverNoiseTest {

  private final ReceiverFixture node = new ReceiverFixture().joined(5);

  @Test
  void messagesThatCannotBeRead_areCountedAndNothingElse() {
    for (int i = 0; i < 100; i++) {
      node.deliver("no JSON").deliver("[]").deliver("{\"a\":1}");
    }

    assertThat(node.observer.timesReceiving("unreadable")).isEqualTo(300);
    assertThat(node.localCaches.applied()).isEmpty();
    assertQuiet();
    assertThat(node.requests.readingsAsked()).isZero();
  }

  @Tag("G7.3")
  @Test
  void forgedPositions_causeFewReadingsAndNoClear() {
    for (int i = 0; i < 10_000; i++) {
      node.pass(Duration.ofNanos(100_000)).deliver(forged(i));
      answerReadingIfAny(5);
      answerCheckIfAny(5);
    }

    assertThat(node.requests.readingsAsked()).as("readings in a second").isBetween(1, 25);
    assertQuiet();
  }

  @Test
  void forgedPositionsAmongMessages_causeFewReadingsAndNoClear() {
    int last = 5;
    for (int i = 0; i < 10_000; i++) {
      node.pass(Duration.ofNanos(100_000)).deliver(forged(i));
      last++;
      answerReadingIfAny(last);
      node.deliver(last);
      answerCheckIfAny(last);
    }

    assertThat(node.requests.readingsAsked()).as("readings in a second").isBetween(1, 110);
    assertThat(node.localCaches.clears()).isEmpty();
  }

  @Test
  void forgedPositions_doNotDelayTheCoverageOfMessagesOutOfOrder() {
    for (int i = 0; i < 20_000; i++) {
      node.pass(Duration.ofNanos(1_000)).deliver(forged(i));
      answerReadingIfAny(5);
    }
    node.checkFor(INTERVAL, new Tip(at(5), SERVER, false));
    answerReadingIfAny(5);
    node.advance(Duration.ofMillis(60));
    answerReadingIfAny(5);
    int before = node.requests.readingsAsked();

    node.deliver(7).deliver(6).answerReading(5, 7).deliver(8).advance(Duration.ofMillis(200));

    assertThat(node.requests.readingsAsked()).isEqualTo(before + 1);
  }

  @Test
  void aPositionOfEnormousLength_isAppliedAndNotKept() {
    Position enormous = new Position("9-0", "x".repeat(100_000));

    node.deliver(message(at(9), enormous, "other/1", 9));
    node.deliver(message(enormous, at(5), "other/1", 10));

    assertThat(node.localCaches.applied()).containsExactly("9", "10");
    assertThat(node.requests.readings()).isEmpty();
  }

  private void assertQuiet() {
    assertThat(node.localCaches.clears()).isEmpty();
    node.checkFor(INTERVAL.multipliedBy(2), new Tip(at(5), SERVER, false));
    assertThat(node.now() - node.confirmed()).isLessThan(2 * INTERVAL.toNanos());
    assertThat(node.localCaches.clears()).isEmpty();
    assertThat(node.observer.receivingEvents()).doesNotContain("lost", "check failed");
  }

  private void answerReadingIfAny(int tip) {
    if (!node.requests.readings().isEmpty()) {
      int from = Integer.parseInt(node.pendingReading().from().entryId().replace("-0", ""));
      node.answerReading(from, tip);
    }
  }

  private void answerCheckIfAny(int tip) {
    if (!node.requests.checks().isEmpty()) {
      node.answerCheck(at(tip));
    }
  }

  private static String forged(int number) {
    return message(
        new Position("999-" + number, "forged"),
        new Position("998-" + number, "forged"),
        "other/1",
        1);
  }
}
