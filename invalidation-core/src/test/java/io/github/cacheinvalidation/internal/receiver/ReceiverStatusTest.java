package io.github.cacheinvalidation.internal.receiver;

import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.SERVER;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.NodeStatus.State;
import io.github.cacheinvalidation.internal.channel.ConnectionLostException;
import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.status.StatusFacts;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The status that the receiver reports. */
@Tag("G3")
@Tag("G5")
class ReceiverStatusTest {

  private final ReceiverFixture node = new ReceiverFixture();

  private void assertState(State state) {
    assertThat(node.status.state()).isEqualTo(state);
  }

  @Test
  void join_isJoiningUntilACheckIsConfirmedThatWasSentWithASubscription() {
    assertState(State.JOINING);
    node.answerCheck(at(5));
    assertState(State.JOINING);
    assertThat(node.status.status().server()).isEqualTo(SERVER);
    node.pass(Duration.ofMillis(3)).subscribed();
    assertState(State.JOINING);

    node.answerCheck(at(5));

    assertState(State.COHERENT);
  }

  @Test
  void messagesInOrder_andChecksThatAreConfirmed_areCoherent() {
    node.joined(5);

    for (int number = 6; number < 10; number++) {
      node.deliver(number);
      assertState(State.COHERENT);
      node.untilNextCheck().answerCheck(at(number));
      assertState(State.COHERENT);
    }
  }

  @Test
  void messageThatIsStillOnItsWay_isNoGap() {
    node.joined(5).untilNextCheck().answerCheck(at(6));
    assertState(State.COHERENT);

    node.deliver(6);

    assertState(State.COHERENT);
  }

  @Test
  void feedThatWaitsForTheNode_isCatchingUpUntilACheckIsConfirmedThatWasSentSince() {
    node.joined(5).untilNextCheck().pass(Duration.ofMillis(1)).on(new Event.Behind());
    assertState(State.CATCHING_UP);
    assertThat(node.status.status().reason()).contains("faster than this node applies them");
    node.answerCheck(at(5)); // which was sent before
    assertState(State.CATCHING_UP);

    node.untilNextCheck().answerCheck(at(5));

    assertState(State.COHERENT);
  }

  @Test
  void gap_isCatchingUpUntilACheckIsConfirmedThatWasSentSinceItWasFound() {
    node.joined(5).untilNextCheck().pass(Duration.ofMillis(1)).deliver(8);
    assertState(State.CATCHING_UP);
    node.answerReading(5, 8);
    node.answerCheck(at(5)); // which was sent before
    assertState(State.CATCHING_UP);

    node.untilNextCheck().answerCheck(at(8));

    assertState(State.COHERENT);
  }

  @Test
  void gapThatTheLogHasNoMore_isCatchingUpUntilTheClear() {
    node.joined(5).deliver(8).answerReading(7, 8);
    assertState(State.CATCHING_UP);

    node.answerCheck(at(8));

    assertThat(node.localCaches.clears()).containsExactly(ClearReason.LOST_MESSAGES);
    assertState(State.COHERENT);
  }

  @Test
  void lostSubscription_isCutOff_andThenCatchingUpUntilACheckIsConfirmed() {
    node.joined(5).lost();
    assertState(State.CUT_OFF);
    node.advance(Duration.ofMillis(60)).subscribed();
    assertState(State.CATCHING_UP);
    node.answerCheck(at(5)); // was sent when the subscription was lost
    assertState(State.CATCHING_UP);

    node.answerCheck(at(5));

    assertState(State.COHERENT);
  }

  @Test
  void confirmationWithoutASubscription_isNotCoherence() {
    node.joined(5).lost();

    node.untilNextCheck().answerCheck(at(5));
    node.subscribed();

    assertState(State.CATCHING_UP);
  }

  @Test
  void connectionThatIsReplacedAndNotTold_isCatchingUp() {
    node.joined(5);
    node.on(
        new Event.Lost(node.lastSubscription(), new ConnectionLostException("forgotten", null)));
    assertThat(node.observer.receivingEvents()).doesNotContain("lost");
    assertState(State.CATCHING_UP);
    node.subscribed();
    assertState(State.CATCHING_UP);

    node.answerCheck(at(5));

    assertState(State.COHERENT);
  }

  @Test
  void failedCheck_isCutOff_untilOneIsAnswered() {
    node.joined(5).untilNextCheck().failCheck();
    assertState(State.CUT_OFF);

    node.untilNextCheck().answerCheck(at(5));

    assertState(State.COHERENT);
  }

  @Test
  void anotherServer_isSuspectingUntilTheCachesDistrustNoMore() {
    node.joined(5).untilNextCheck().answerCheck(new Tip(at(9), "server-2", false));
    assertState(State.SUSPECTING);
    assertThat(node.status.status().reason()).isEqualTo(StatusFacts.ANOTHER_SERVER);
    assertThat(node.status.status().server()).isEqualTo("server-2");
    node.answerReading(5, 9);
    node.untilNextCheck().answerCheck(new Tip(at(9), "server-2", false));
    assertState(State.SUSPECTING);

    node.status.trusted(node.status.suspicions());

    assertState(State.COHERENT);
  }

  @Test
  void anotherLog_isSuspectingToo() {
    node.joined(5).untilNextCheck().answerCheck(new Tip(at(1), SERVER, true));

    assertState(State.SUSPECTING);
    assertThat(node.status.status().reason()).isEqualTo(StatusFacts.ANOTHER_LOG);
  }
}
