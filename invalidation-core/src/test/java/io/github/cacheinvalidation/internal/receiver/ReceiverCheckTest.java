package io.github.cacheinvalidation.internal.receiver;

import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.INTERVAL;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.SERVER;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.TIMEOUT;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.at;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.entry;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.forked;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.channel.Tip;
import io.github.cacheinvalidation.internal.message.Position;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checks, confirmations, and suspicions. */
@Tag("G3")
class ReceiverCheckTest {

  private static final Duration READ_PAUSE = Duration.ofMillis(60);

  private static final Tip ELSEWHERE = new Tip(at(5), "server-2", false);

  private final ReceiverFixture node = new ReceiverFixture().joined(5);

  @Test
  void aCoveredTip_confirmsAsOfTheSendingOfTheCheck() {
    node.untilNextCheck();
    long sent = node.pendingCheck().sentNanos();

    node.pass(Duration.ofMillis(300)).answerCheck(at(5));

    assertThat(node.confirmed()).isEqualTo(sent);
  }

  @Test
  void checks_areSentOneAtATimeAndAtTheInterval() {
    node.untilNextCheck();
    long first = node.pendingCheck().sentNanos();
    node.advance(INTERVAL.multipliedBy(3)).answerCheck(at(5));
    assertThat(node.pendingCheck().sentNanos()).isEqualTo(first + 3 * INTERVAL.toNanos());

    node.answerCheck(at(5)).untilNextCheck();

    assertThat(node.pendingCheck().sentNanos()).isEqualTo(first + 4 * INTERVAL.toNanos());
  }

  @Test
  void aTipWhoseMessageIsOnItsWay_confirmsWhenItIsCovered() {
    node.untilNextCheck();
    long sent = node.pendingCheck().sentNanos();
    long before = node.confirmed();

    node.pass(Duration.ofMillis(5)).answerCheck(at(7));
    assertThat(node.confirmed()).isEqualTo(before);
    node.pass(Duration.ofMillis(5)).deliver(6);
    assertThat(node.confirmed()).isEqualTo(before);
    node.pass(Duration.ofMillis(5)).deliver(7);

    assertThat(node.confirmed()).isEqualTo(sent);
    assertThat(node.requests.readings()).isEmpty();
  }

  @Test
  void aTipBehindAGap_isNotConfirmedByItsMessageAlone() {
    node.untilNextCheck();
    long before = node.confirmed();
    node.answerCheck(at(7));

    node.deliver(7);
    assertThat(node.confirmed()).isEqualTo(before);

    node.answerReading(5, 7);
    assertThat(node.confirmed()).isGreaterThan(before);
  }

  @Test
  void aSubscriptionWithoutProgressForTheTimeout_isDeafAndMadeAnewAfterTheLogWasRead() {
    node.untilNextCheck();
    long sent = node.now();
    node.answerCheck(at(6));
    node.advance(TIMEOUT);
    assertThat(node.requests.readings()).isEmpty();

    node.advance(Duration.ofMillis(1));

    assertThat(node.pendingReading().from()).isEqualTo(at(5));
    assertThat(node.requests.subscriptions()).hasSize(2);
    assertThat(node.observer.timesReceiving("lost")).as("told only if it recurs").isZero();
    node.answerReading(5, 6);
    assertThat(node.confirmed()).isEqualTo(sent);
    assertThat(node.localCaches.clears()).isEmpty();
  }

  @Test
  void aDeafSubscription_isMadeAnewInTheSameStep() {
    node.untilNextCheck().answerCheck(at(6));

    node.pass(TIMEOUT.plusMillis(1)).tick();

    assertThat(node.requests.subscriptions()).hasSize(2);
    assertThat(node.next()).as("the next step is not due at once").isGreaterThan(node.now());
  }

  @Test
  void aSubscriptionThatMakesProgress_isNotDeaf() {
    node.untilNextCheck().answerCheck(at(20));

    for (int number = 6; number <= 20; number++) {
      node.advance(TIMEOUT.minusMillis(1)).deliver(number);
      if (!node.requests.checks().isEmpty()) {
        node.answerCheck(at(20));
      }
    }

    assertThat(node.observer.receivingEvents()).isEmpty();
    assertThat(node.requests.readingsAsked()).isZero();
  }

  @Test
  void theFirstCheckAfterAQuietTime_doesNotCountTheQuietAsDeafness() {
    node.checkFor(INTERVAL.multipliedBy(5), new Tip(at(5), SERVER, false));

    node.untilNextCheck().answerCheck(at(6));

    assertThat(node.requests.readings()).isEmpty();
  }

  @Test
  void anotherServer_isFollowedAtOnce_andHeldEntriesAreTrustedUpToTheLastConfirmation() {
    long confirmed = node.confirmed();
    node.untilNextCheck();
    long sent = node.now();

    node.pass(Duration.ofMillis(3)).answerCheck(ELSEWHERE);

    assertThat(node.localCaches.distrusts()).containsExactly(confirmed);
    assertThat(node.confirmed()).isEqualTo(sent);
    node.checkFor(INTERVAL.multipliedBy(3), ELSEWHERE);
    assertThat(node.localCaches.distrusts()).hasSize(1);
    assertThat(node.localCaches.clears()).isEmpty();
  }

  @Test
  void messagesOfAnotherServer_areFollowedFromItsTipOn() {
    node.untilNextCheck().answerCheck(new Tip(at(20), "server-2", false)).answerReading(20, 20);
    node.advance(READ_PAUSE).answerReading(20, 20);
    node.localCaches.applied().clear();

    node.deliver(21).deliver(23).advance(READ_PAUSE);

    assertThat(node.pendingReading().from()).isEqualTo(at(21));
    node.answerReading(21, 23);
    assertThat(node.localCaches.applied()).containsExactly("21", "23", "22");
  }

  @Test
  void messagesOfAnotherServerBeforeItsTip_areAppliedPageByPageAndCoverNothing() {
    node.untilNextCheck().answerCheck(new Tip(at(9), "server-2", false));
    assertThat(node.pendingReading().from()).isEqualTo(at(5));

    node.answerReading(false, entry(at(5), 5), entry(at(6), 6), entry(at(7), 7));
    node.advance(READ_PAUSE);
    assertThat(node.pendingReading().from()).isEqualTo(at(7));
    node.deliver(11).answerReading(7, 9).advance(READ_PAUSE);

    assertThat(node.localCaches.applied()).containsExactly("5", "6", "7", "11", "7", "8", "9");
    assertThat(node.pendingReading().from()).as("the gap").isEqualTo(at(9));
    node.answerReading(9, 11).untilNextCheck().answerCheck(new Tip(at(11), "server-2", false));
    assertThat(node.localCaches.distrusts()).hasSize(1);
    assertThat(node.localCaches.clears()).isEmpty();
    assertThat(node.requests.readings()).isEmpty();
  }

  @Tag("G3.10")
  @Test
  void anotherLogThatLacksTheLastCoveredPosition_isAppliedFromItsBeginning() {
    node.untilNextCheck().answerCheck(new Tip(forked(3), "server-2", false));

    node.answerReading(true).advance(READ_PAUSE);
    assertThat(node.pendingReading().from()).isEqualTo(new Position("0-0", ""));
    node.answerReading(false, entry(forked(1), 1), entry(forked(2), 2)).advance(READ_PAUSE);
    assertThat(node.pendingReading().from()).isEqualTo(forked(2));
    node.answerReading(true, entry(forked(2), 2), entry(forked(3), 3));

    assertThat(node.localCaches.applied()).contains("1", "2", "3");
    assertThat(node.requests.readings()).isEmpty();
  }

  @Test
  void anotherLogWithAnotherMessageAtTheLastCoveredPosition_isAppliedFromItsBeginning() {
    node.untilNextCheck().answerCheck(new Tip(forked(6), "server-2", false));

    node.answerReading(true, entry(forked(5), 5), entry(forked(6), 6)).advance(READ_PAUSE);
    assertThat(node.pendingReading().from()).isEqualTo(new Position("0-0", ""));
    node.answerReading(
        true, entry(at(3), 3), entry(forked(4), 4), entry(forked(5), 5), entry(forked(6), 6));

    assertThat(node.localCaches.applied()).contains("4", "5", "6");
    assertThat(node.requests.readings()).isEmpty();
  }

  @Test
  void anotherServerWhileTheFormerIsCaughtUpWith_isReadFromThePositionBeforeBoth() {
    node.untilNextCheck().answerCheck(new Tip(at(8), "server-2", false));
    node.untilNextCheck().answerCheck(new Tip(at(8), "server-3", false));

    assertThat(node.requests.readings()).extracting(reading -> reading.from()).endsWith(at(5));
  }

  @Test
  void aReadingOfAnotherServerThatFails_isTriedAgain() {
    node.untilNextCheck().answerCheck(new Tip(at(9), "server-2", false)).failReading();

    node.advance(Duration.ofMillis(60)).answerReading(6, 9);

    assertThat(node.localCaches.applied()).containsExactly("6", "7", "8", "9");
  }

  /** However long the bound is, only the next check is waited for. */
  @Tag("G3.4")
  @Test
  void aMessageOfAnotherServerThatIsLost_isMadeUpForAtTheNextCheck() {
    node.untilNextCheck().answerCheck(ELSEWHERE).answerReading(5, 5).untilNextCheck();
    long sent = node.now();
    node.localCaches.applied().clear();

    node.answerCheck(new Tip(at(6), "server-2", false));

    assertThat(node.pendingReading().from()).isEqualTo(at(5));
    node.answerReading(5, 6);
    assertThat(node.localCaches.applied()).containsExactly("6");
    assertThat(node.confirmed()).isEqualTo(sent);
    assertThat(node.localCaches.clears()).isEmpty();
  }

  @Test
  void eachOtherServer_isFollowedAndDistrusted() {
    node.untilNextCheck().answerCheck(ELSEWHERE).answerReading(5, 5);
    long confirmed = node.confirmed();

    node.untilNextCheck().answerCheck(new Tip(at(3), "server-3", false));

    assertThat(node.localCaches.distrusts()).hasSize(2).last().isEqualTo(confirmed);
    node.answerReading(3, 3).advance(READ_PAUSE).answerReading(3, 3);
    node.deliver(4).advance(READ_PAUSE);
    assertThat(node.requests.readings()).isEmpty();
  }

  @Test
  void aLogMadeByACheck_isASuspicion() {
    long confirmed = node.confirmed();
    node.untilNextCheck().answerCheck(new Tip(at(1), SERVER, true));

    assertThat(node.localCaches.distrusts()).containsExactly(confirmed);
    assertThat(node.confirmed()).isGreaterThan(confirmed);
    node.checkFor(INTERVAL.multipliedBy(3), new Tip(at(1), SERVER, false));
    assertThat(node.localCaches.distrusts()).hasSize(1);
  }

  @Test
  void anotherServerWhileTheSubscriptionIsGone_isReadAtEachCheck() {
    node.lost().untilNextCheck().answerCheck(ELSEWHERE).answerReading(5, 5);
    assertThat(node.localCaches.distrusts()).hasSize(1);
    node.localCaches.applied().clear();

    node.untilNextCheck();
    long sent = node.now();
    node.answerCheck(new Tip(at(6), "server-2", false)).answerReading(5, 6);

    assertThat(node.localCaches.applied()).containsExactly("6");
    assertThat(node.confirmed()).isGreaterThanOrEqualTo(sent);
  }

  /** The entries belong to a log that began on another server, so the page shows no loss. */
  @Test
  void aLogThatWasReadBeforeACheckNoticedItsServer_isASuspicion() {
    long confirmed = node.confirmed();
    node.deliver(9).answerReading(8, 9);

    node.answerCheck(ELSEWHERE);

    assertThat(node.localCaches.clears()).isEmpty();
    assertThat(node.localCaches.distrusts()).containsExactly(confirmed);
    node.checkFor(INTERVAL.multipliedBy(3), ELSEWHERE);
    assertThat(node.localCaches.distrusts()).hasSize(1);
  }

  @Test
  void checksThatFail_confirmNothingAndAreRepeated() {
    long confirmed = node.confirmed();
    for (int i = 0; i < 5; i++) {
      node.untilNextCheck().failCheck();
    }

    assertThat(node.confirmed()).isEqualTo(confirmed);
    assertThat(node.localCaches.clears()).isEmpty();
    assertThat(node.observer.timesReceiving("check failed")).isEqualTo(5);
    node.untilNextCheck().answerCheck(at(5));
    assertThat(node.confirmed()).isGreaterThan(confirmed);
  }

  @Test
  void aTipThatTheLogDoesNotHave_isForgottenAndAskedAgain() {
    node.untilNextCheck().answerCheck(at(9)).advance(TIMEOUT.plusMillis(1)).answerReading(5, 5);

    node.advance(Duration.ofMillis(60))
        .subscribed()
        .checkFor(INTERVAL.multipliedBy(2), new Tip(at(5), SERVER, false));

    assertThat(node.requests.readings()).isEmpty();
    assertThat(node.localCaches.clears()).isEmpty();
    assertThat(node.now() - node.confirmed()).isLessThan(INTERVAL.multipliedBy(2).toNanos());
  }
}
