package io.github.cacheinvalidation.internal.receiver;

import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.OWN;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.at;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.entry;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.forked;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.message;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.received;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.internal.message.Position;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Gaps, and reading the missing messages from the log. */
@Tag("G3")
class ReceiverGapTest {

  private final ReceiverFixture node = new ReceiverFixture().joined(5).pass(Duration.ofMillis(1));

  @Test
  void aGap_isReadFromTheLastCoveredPosition() {
    node.deliver(6).deliver(8);

    assertThat(node.pendingReading().from()).isEqualTo(at(6));
    assertThat(node.localCaches.applied()).containsExactly("6", "8");
  }

  @Test
  void aPageThatBeginsWithThePosition_isAppliedAndClearsNothing() {
    node.deliver(8).answerReading(5, 8);

    assertThat(node.localCaches.applied()).containsExactly("8", "6", "7");
    assertThat(node.localCaches.clears()).isEmpty();
    node.deliver(9);
    assertThat(node.requests.readings()).isEmpty();
  }

  @Test
  void aPageThatIsNotTheLast_isFollowedByTheNext() {
    node.deliver(9).answerReading(false, entry(at(5), 5), entry(at(6), 6), entry(at(7), 7));

    assertThat(node.pendingReading().from()).isEqualTo(at(7));
    node.answerReading(7, 9);
    assertThat(node.localCaches.applied()).containsExactly("9", "6", "7", "8");
    assertThat(node.localCaches.clears()).isEmpty();
  }

  @Test
  void messagesThatArriveInOrderWhileTheLogIsRead_areNotTakenForALoss() {
    node.deliver(message(at(99), at(98), "other/1", 99));
    assertThat(node.pendingReading().from()).isEqualTo(at(5));

    node.deliver(6).deliver(7).answerReading(5, 6);

    assertThat(node.localCaches.clears()).isEmpty();
    node.untilNextCheck().answerCheck(at(7));
    assertThat(node.localCaches.clears()).isEmpty();
    assertThat(node.confirmed()).isPositive();
  }

  @Test
  void theMissingMessageThatComesWhileTheLogIsRead_closesTheGap() {
    node.deliver(7).deliver(6).answerReading(5, 7);

    assertThat(node.localCaches.clears()).isEmpty();
    node.deliver(8);
    assertThat(node.requests.readings()).isEmpty();
  }

  @Test
  void messagesThatArriveWhileTheLogIsRead_areCoveredWithoutAnotherReading() {
    node.deliver(8).deliver(9).deliver(10).answerReading(5, 8);

    node.advance(Duration.ofMillis(200)).deliver(11);

    assertThat(node.requests.readingsAsked()).isEqualTo(1);
  }

  @Test
  void aGapThatOpensWhileTheLogIsRead_isReadAfterIt() {
    node.deliver(7).deliver(10).answerReading(5, 7).advance(Duration.ofMillis(60));

    assertThat(node.pendingReading().from()).isEqualTo(at(7));
  }

  @Test
  void aMessageThatTheLogGaveBeforeItArrived_isAppliedOnce() {
    node.deliver(7).answerReading(5, 7).deliver(6);

    assertThat(node.localCaches.applied()).containsExactly("7", "6");
  }

  @Tag("G3.11")
  @Test
  void aMissingMessageThatIsOnlyLate_needsNoSecondReading() {
    node.deliver(7).answerReading(5, 7).deliver(6).advance(Duration.ofMillis(200));

    assertThat(node.requests.readingsAsked()).isEqualTo(1);
  }

  @Test
  void aTrimmedLog_isAKnownLossAndClearsAtOnce() {
    node.deliver(9).answerReading(8, 9);
    assertThat(node.localCaches.clears()).isEmpty();

    node.answerCheck(at(9));

    assertThat(node.localCaches.clears()).containsExactly(ClearReason.LOST_MESSAGES);
    assertThat(node.localCaches.applied()).as("what there was is applied").contains("8");
  }

  @Test
  void aLogThatIsEmpty_isASuspicion() {
    node.deliver(9).answerReading(true);

    assertSuspicion(at(12));
  }

  @Test
  void aLogThatACheckMadeAnew_isASuspicion() {
    node.deliver(9).answerReading(true, entry(at(7), "{}"), entry(at(8), 8), entry(at(9), 9));

    assertSuspicion(at(9));
  }

  @Test
  void aLogThatAMessageMadeAnew_isASuspicion() {
    node.deliver(at(9), null, 9).answerReading(true, entry(at(9), 9));

    assertSuspicion(at(9));
  }

  @Test
  void aLogWithAnotherMessageAtThePosition_isASuspicion() {
    node.deliver(forked(6), forked(5), 6)
        .answerReading(true, entry(forked(5), 5), entry(forked(6), 6));

    assertSuspicion(forked(6));
  }

  private void assertSuspicion(Position tip) {
    long confirmed = node.confirmed();
    assertThat(node.localCaches.distrusts()).as("before a tip is read").isEmpty();

    node.answerCheck(tip);

    assertThat(node.localCaches.distrusts()).containsExactly(confirmed);
    assertThat(node.localCaches.clears()).isEmpty();
    assertThat(node.confirmed()).isGreaterThan(confirmed);
  }

  @Test
  void anEntryThatCannotBeRead_isAKnownLoss() {
    node.deliver(8).answerReading(true, entry(at(5), 5), entry(at(6), "no JSON"), entry(at(7), 7));

    node.answerCheck(at(8));

    assertThat(node.localCaches.clears()).containsExactly(ClearReason.LOST_MESSAGES);
    assertThat(node.localCaches.applied()).contains("7");
  }

  @Test
  void aChainedMessageThatCannotBeApplied_isFoundMissingAndClears() {
    node.localCaches.breakOn("6");
    node.deliver(6).deliver(7);

    node.answerReading(5, 7).answerCheck(at(7));

    assertThat(node.localCaches.clears()).containsExactly(ClearReason.LOST_MESSAGES);
  }

  @Test
  void aChainedMessageThatBreaksWithAnError_isFoundMissingAndClears() {
    node.localCaches.breakDownOn("6");
    node.deliver(6).deliver(7);

    node.answerReading(5, 7).answerCheck(at(7));

    assertThat(node.localCaches.clears()).containsExactly(ClearReason.LOST_MESSAGES);
  }

  @Test
  void aReadingThatFails_isTriedAgain() {
    node.deliver(8).failReading();
    assertThat(node.requests.readings()).isEmpty();

    node.advance(Duration.ofMillis(60));

    assertThat(node.pendingReading().from()).isEqualTo(at(5));
    assertThat(node.localCaches.clears()).isEmpty();
  }

  @Test
  void theReplyToAnEarlierReading_isIgnored() {
    node.deliver(9);
    long earlier = node.pendingReading().number();
    node.answerReading(8, 9).answerCheck(at(9));
    node.localCaches.clears().clear();

    node.on(
        new Event.Read(
            earlier,
            new io.github.cacheinvalidation.internal.channel.LogPage(java.util.List.of(), true)));

    node.untilNextCheck().answerCheck(at(9));
    assertThat(node.localCaches.clears()).isEmpty();
  }

  @Tag("G3.11")
  @Test
  void duplicates_areAppliedOnceAndAreNoGap() {
    node.deliver(6).deliver(7).deliver(6).deliver(7);

    assertThat(node.localCaches.applied()).containsExactly("6", "7");
    assertThat(node.requests.readings()).isEmpty();
  }

  @Test
  void ownMessages_areNotAppliedButCovered() {
    node.deliver(message(at(6), at(5), OWN, 6)).deliver(7);

    assertThat(node.localCaches.applied()).containsExactly("7");
    assertThat(node.requests.readings()).isEmpty();
  }

  @Test
  void openMessages_areAppliedAndNeverInTheChain() {
    node.deliver("{\"cache\":\"c\"}");
    node.on(received(message(at(7), at(6), "other/1", 7), true));

    assertThat(node.localCaches.applied()).containsExactly("c", "7");
    assertThat(node.requests.readings()).isEmpty();
    node.deliver(7);
    assertThat(node.requests.readings()).as("7 is not covered by its open copy").hasSize(1);
  }

  @Tag("G3.11")
  @Test
  void aForkInsideTheRing_isCoveredWithoutReading() {
    node.deliver(6).deliver(7);

    node.deliver(forked(7), at(6), 17).deliver(forked(8), forked(7), 18);

    assertThat(node.localCaches.applied()).containsExactly("6", "7", "17", "18");
    assertThat(node.requests.readings()).isEmpty();
  }

  @Test
  void anOverflowOfTheQueue_readsTheLog() {
    node.on(new Event.Overflowed());

    assertThat(node.pendingReading().from()).isEqualTo(at(5));
  }

  @Test
  void anOverflowWhileTheLogIsRead_readsItAgain() {
    node.deliver(8).on(new Event.Overflowed()).answerReading(5, 8).advance(Duration.ofMillis(60));

    assertThat(node.pendingReading().from()).isEqualTo(at(8));
  }

  @Test
  void anOverflowDuringAResync_isFoundByTheNextCheckAtOnce() {
    ReceiverFixture joining = new ReceiverFixture();
    joining.failCheck().subscribed().on(new Event.Overflowed()).answerCheck(at(5));

    joining.untilNextCheck().answerCheck(at(7));

    assertThat(joining.pendingReading().from()).isEqualTo(at(5));
  }
}
