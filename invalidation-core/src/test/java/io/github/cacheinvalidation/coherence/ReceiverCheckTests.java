package io.github.cacheinvalidation.coherence;

import static io.github.cacheinvalidation.coherence.ReceiverFixture.BOUND;
import static io.github.cacheinvalidation.coherence.ReceiverFixture.INTERVAL;
import static io.github.cacheinvalidation.coherence.ReceiverFixture.SERVER;
import static io.github.cacheinvalidation.coherence.ReceiverFixture.TIMEOUT;
import static io.github.cacheinvalidation.coherence.ReceiverFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.channel.Tip;
import io.github.cacheinvalidation.observer.ClearReason;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checks, confirmations, and suspicions. */
@Tag("G3")
class ReceiverCheckTests {

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
    assertThat(node.observer.count("lost")).as("told only if it recurs").isZero();
    node.answerReading(5, 6);
    assertThat(node.confirmed()).isEqualTo(sent);
    assertThat(node.replica.clears()).isEmpty();
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

    assertThat(node.observer.happened()).isEmpty();
    assertThat(node.requests.readingsAsked()).isZero();
  }

  @Test
  void theFirstCheckAfterAQuietTime_doesNotCountTheQuietAsDeafness() {
    node.checkFor(INTERVAL.multipliedBy(5), new Tip(at(5), SERVER, false));

    node.untilNextCheck().answerCheck(at(6));

    assertThat(node.requests.readings()).isEmpty();
  }

  @Test
  void anotherServer_isNotConfirmedBeforeAClearWithinHalfTheBound() {
    node.untilNextCheck();
    long confirmed = node.confirmed();
    node.answerCheck(ELSEWHERE);
    long suspected = node.now();

    while (node.replica.clears().isEmpty()) {
      node.untilNextCheck();
      assertThat(node.confirmed()).isEqualTo(confirmed);
      node.answerCheck(ELSEWHERE);
    }

    assertThat(node.replica.clears()).containsExactly(ClearReason.SUSPECTED_LOSS);
    assertThat(node.now() - suspected).isLessThanOrEqualTo(BOUND.dividedBy(2).toNanos());
    assertThat(node.confirmed()).isGreaterThan(suspected);
    node.checkFor(INTERVAL.multipliedBy(3), ELSEWHERE);
    assertThat(node.replica.clears()).hasSize(1);
  }

  @Test
  void whileAClearIsDue_messagesAreStillApplied() {
    node.untilNextCheck().answerCheck(ELSEWHERE);

    node.deliver(6).deliver(9);

    assertThat(node.replica.applied()).containsExactly("6", "9");
    assertThat(node.requests.readings()).isEmpty();
  }

  @Test
  void suspicionsOfAFleet_areAnsweredAtSpreadMoments() {
    Set<Long> moments = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      int clears = node.replica.clears().size();
      Tip tip = new Tip(at(5), "another-" + i, false);
      node.untilNextCheck().answerCheck(tip);
      long suspected = node.now();
      while (node.replica.clears().size() == clears) {
        node.untilNextCheck().answerCheck(tip);
      }
      moments.add((node.now() - suspected) / 100_000_000);
    }
    assertThat(moments).hasSizeGreaterThan(6);
  }

  @Test
  void anotherServerWhileAClearIsDue_isAdoptedByIt() {
    node.untilNextCheck().answerCheck(ELSEWHERE);

    while (node.replica.clears().isEmpty()) {
      node.untilNextCheck().answerCheck(new Tip(at(3), "server-3", false));
    }
    node.checkFor(INTERVAL.multipliedBy(3), new Tip(at(3), "server-3", false));

    assertThat(node.replica.clears()).hasSize(1);
  }

  @Test
  void aLogMadeByACheck_isASuspicion() {
    node.untilNextCheck().answerCheck(new Tip(at(1), SERVER, true));
    long confirmed = node.confirmed();

    while (node.replica.clears().isEmpty()) {
      node.untilNextCheck();
      assertThat(node.confirmed()).isEqualTo(confirmed);
      node.answerCheck(at(1));
    }

    assertThat(node.replica.clears()).containsExactly(ClearReason.SUSPECTED_LOSS);
  }

  @Test
  void aClearThatIsDueWhileTheSubscriptionIsGone_waitsForIt() {
    node.untilNextCheck().answerCheck(ELSEWHERE).lost();
    long confirmed = node.confirmed();

    node.checkFor(BOUND, ELSEWHERE);

    assertThat(node.replica.clears()).isEmpty();
    assertThat(node.confirmed()).isEqualTo(confirmed);
    node.subscribed().answerCheck(ELSEWHERE);
    assertThat(node.replica.clears()).containsExactly(ClearReason.SUSPECTED_LOSS);
  }

  @Test
  void checksThatFail_confirmNothingAndAreRepeated() {
    long confirmed = node.confirmed();
    for (int i = 0; i < 5; i++) {
      node.untilNextCheck().failCheck();
    }

    assertThat(node.confirmed()).isEqualTo(confirmed);
    assertThat(node.replica.clears()).isEmpty();
    assertThat(node.observer.count("check failed")).isEqualTo(5);
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
    assertThat(node.replica.clears()).isEmpty();
    assertThat(node.now() - node.confirmed()).isLessThan(INTERVAL.multipliedBy(2).toNanos());
  }
}
