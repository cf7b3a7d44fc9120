package io.github.cacheinvalidation.internal.receiver;

import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.NodeStatus.State;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A receiver of a further channel that has no log, or gets one later. */
@Tag("G3")
@Tag("G4")
class ReceiverWithoutLogTest {

  private final ReceiverFixture node = new ReceiverFixture();

  @Test
  void checksWithoutALog_areConfirmedAndClearNothing() {
    node.answerCheckWithoutLog().untilNextCheck();
    long sent = node.pendingCheck().sentNanos();

    node.answerCheckWithoutLog();

    assertThat(node.confirmed()).isEqualTo(sent);
    assertThat(node.localCaches.clears()).isEmpty();
    assertThat(node.localCaches.distrusts()).isEmpty();
    assertThat(node.requests.readings()).isEmpty();
  }

  @Test
  void failedChecks_confirmNothing() {
    node.answerCheckWithoutLog().untilNextCheck();
    long before = node.confirmed();

    node.failCheck();

    assertThat(node.confirmed()).isEqualTo(before);
  }

  @Test
  void aLostSubscription_leavesNothingToCatchUpWith() {
    node.subscribed().answerCheckWithoutLog();

    node.lost().advance(ReceiverFixture.TIMEOUT).subscribed();

    assertThat(node.status.state()).isEqualTo(State.COHERENT);
  }

  @Test
  void aLogThatAppears_makesSuspect_andIsReadFromItsBeginning() {
    node.subscribed().answerCheckWithoutLog();
    long before = node.confirmed();

    node.untilNextCheck().answerCheck(at(7));

    assertThat(node.localCaches.distrusts()).containsExactly(before);
    assertThat(node.localCaches.clears()).isEmpty();
    assertThat(node.pendingReading().from().entryId()).isEqualTo("0-0");
    node.answerReading(5, 7);
    assertThat(node.localCaches.applied()).containsExactly("5", "6", "7");
    node.deliver(8);
    assertThat(node.untilNextCheck().answerCheck(at(8)).confirmed()).isGreaterThan(before);
  }
}
