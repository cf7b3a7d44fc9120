package io.github.cacheinvalidation.internal.receiver;

import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.INTERVAL;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.at;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.internal.message.Position;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A log that cannot be read, although the server answers. */
@Tag("G3")
class ReceiverUnreadableLogTest {

  private static final Duration READ_PAUSE = Duration.ofMillis(60);

  private final ReceiverFixture node = new ReceiverFixture().joined(5);

  @Tag("G3.24")
  @Test
  void aLogThatCannotBeReadWhileChecksAreAnswered_isAKnownLoss() {
    node.deliver(8);

    failReadingsAndAnswerChecks(4, 8);

    assertThat(node.localCaches.clears()).containsExactly(ClearReason.LOST_MESSAGES);
    assertThat(node.now() - node.confirmed()).isLessThan(2 * INTERVAL.toNanos());
  }

  @Test
  void aForgedPositionThatIsNoId_doesNotKeepANodeFromHealingForEver() {
    node.deliver(message(new Position("no id", "x"), at(5), "forger/1", 1)).deliver(8);
    assertThat(node.pendingReading().from().entryId()).isEqualTo("no id");

    failReadingsAndAnswerChecks(4, 8);

    assertThat(node.localCaches.clears()).hasSize(1);
    assertThat(node.now() - node.confirmed()).isLessThan(2 * INTERVAL.toNanos());
  }

  @Test
  void anOutage_clearsNothingHoweverManyReadingsItFails() {
    node.deliver(8);
    for (int i = 0; i < 20; i++) {
      node.failReading().advance(READ_PAUSE);
      if (!node.requests.checks().isEmpty()) {
        node.failCheck();
      }
    }

    node.answerReading(5, 8).untilNextCheck().answerCheck(at(8));

    assertThat(node.localCaches.clears()).isEmpty();
    assertThat(node.now() - node.confirmed()).isLessThan(2 * INTERVAL.toNanos());
  }

  @Test
  void outagesWithReadingsBetween_areNotAddedUp() {
    for (int number = 7; number < 17; number += 2) {
      node.deliver(number).failReading().untilNextCheck().answerCheck(at(number));
      node.advance(READ_PAUSE).answerReading(number - 2, number).advance(READ_PAUSE);
    }

    assertThat(node.localCaches.clears()).isEmpty();
  }

  private void failReadingsAndAnswerChecks(int checks, int tip) {
    for (int i = 0; i < checks; i++) {
      if (!node.requests.readings().isEmpty()) {
        node.failReading();
      }
      node.untilNextCheck().answerCheck(at(tip)).advance(READ_PAUSE).subscribed();
    }
  }
}
