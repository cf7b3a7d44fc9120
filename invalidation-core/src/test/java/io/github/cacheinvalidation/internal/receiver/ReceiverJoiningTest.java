package io.github.cacheinvalidation.internal.receiver;

import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.INTERVAL;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.SERVER;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.TIMEOUT;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.ConnectionLostException;
import io.github.cacheinvalidation.internal.channel.Tip;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Joining a channel, and having a subscription. */
@Tag("G3")
class ReceiverJoiningTest {

  /** After that a subscription counts as one that the server keeps. */
  private static final Duration LIVED = Duration.ofMillis(500);

  /** To connect, to log in, to ask and to be confirmed, and one timeout more. */
  private static final Duration LONGEST_SUBSCRIBING = Duration.ofSeconds(20).plus(TIMEOUT);

  private final ReceiverFixture node = new ReceiverFixture();

  @Test
  void start_subscribesAtOnce() {
    assertThat(node.requests.subscriptions()).hasSize(1);
  }

  @Test
  void theFirstCheckThatIsAnswered_clearsAndConfirmsWithoutASubscription() {
    node.failCheck().untilNextCheck();
    long sent = node.now();

    node.pass(Duration.ofMillis(40)).answerCheck(at(5));

    assertThat(node.localCaches.clears()).containsExactly(ClearReason.JOINED);
    assertThat(node.confirmed()).isEqualTo(sent).isPositive();
    assertThat(node.observer.receivingEvents()).doesNotContain("joined");
  }

  @Test
  void messagesBetweenTheTipAndTheSubscription_areReadAndCauseNoFurtherClear() {
    node.answerCheck(at(5)).pass(Duration.ofMillis(3)).subscribed();
    long sent = node.now();
    node.pass(Duration.ofMillis(40)).answerCheck(at(7));
    assertThat(node.pendingReading().from()).isEqualTo(at(5));
    assertThat(node.confirmed()).isZero();
    assertThat(node.observer.receivingEvents()).containsExactly("subscribed");

    node.answerReading(5, 7);

    assertThat(node.localCaches.applied()).containsExactly("6", "7");
    assertThat(node.localCaches.clears()).containsExactly(ClearReason.JOINED);
    assertThat(node.confirmed()).isEqualTo(sent);
    assertThat(node.observer.receivingEvents())
        .containsExactly("subscribed", "joined", "replayed 2");
  }

  @Test
  void aMessageHeardBeforeTheOnesThatCameBetween_isAGapThatIsReadAtOnce() {
    node.answerCheck(at(5)).subscribed();

    node.deliver(8);

    assertThat(node.pendingReading().from()).isEqualTo(at(5));
    node.answerReading(5, 8).answerCheck(at(8));
    assertThat(node.localCaches.applied()).containsExactly("8", "6", "7");
    assertThat(node.localCaches.clears()).containsExactly(ClearReason.JOINED);
  }

  @Test
  void messagesBetweenTheTipAndTheSubscription_thatTheLogDropped_areAKnownLoss() {
    node.answerCheck(at(5)).subscribed().answerCheck(at(9)).answerReading(8, 9);

    node.answerCheck(at(9));

    assertThat(node.localCaches.clears())
        .containsExactly(ClearReason.JOINED, ClearReason.LOST_MESSAGES);
    assertThat(node.observer.timesReceiving("joined")).isEqualTo(1);
  }

  @Test
  void aCheckUnderWayWhenTheSubscriptionIsConfirmed_resyncsAndAnotherJoins() {
    node.pass(Duration.ofMillis(3)).subscribed();

    node.answerCheck(at(5));
    assertThat(node.localCaches.clears()).containsExactly(ClearReason.JOINED);
    assertThat(node.observer.receivingEvents()).containsExactly("subscribed");

    node.answerCheck(at(5));
    assertThat(node.localCaches.clears()).hasSize(1);
    assertThat(node.observer.receivingEvents()).containsExactly("subscribed", "joined");
  }

  @Test
  void aSubscriptionThatIsMadeAnew_joinsNotAgain() {
    node.joined(5).lost().advance(Duration.ofMillis(60)).subscribed().answerCheck(at(5));

    assertThat(node.observer.receivingEvents()).containsExactly("lost", "subscribed");
  }

  @Test
  void theFirstMessageAfterTheTip_needsNoReading() {
    node.joined(6);

    node.deliver(7).deliver(8);

    assertThat(node.requests.readings()).isEmpty();
  }

  @Test
  void messagesBeforeTheTipIsKnown_areAppliedAndCauseNoReading() {
    node.deliver(5).subscribed().deliver(6);

    assertThat(node.localCaches.applied()).containsExactly("5", "6");
    assertThat(node.requests.readings()).isEmpty();
  }

  @Test
  void aLogMadeByTheFirstCheck_isTheNewStart() {
    node.failCheck().subscribed();

    node.untilNextCheck().answerCheck(new Tip(at(1), SERVER, true));

    assertThat(node.localCaches.clears()).containsExactly(ClearReason.JOINED);
  }

  @Test
  void aMessageThatOvertookTheReplyOfTheJoiningCheck_needsNoReading() {
    node.failCheck().subscribed().deliver(6).deliver(7).answerCheck(at(5));

    node.untilNextCheck().answerCheck(at(7)).deliver(8);

    assertThat(node.requests.readings()).isEmpty();
    assertThat(node.now() - node.confirmed()).isLessThan(INTERVAL.toNanos());
    assertThat(node.observer.receivingEvents()).doesNotContain("lost");
  }

  @Test
  void aSubscriptionThatFails_isTriedAgainWithGrowingRandomPauses() {
    Set<Long> backoff = new HashSet<>();
    long longest = 0;
    for (int i = 0; i < 12; i++) {
      node.lost();
      long lostAt = node.now();
      int before = node.requests.subscriptions().size();
      while (node.requests.subscriptions().size() == before) {
        node.advance(Duration.ofMillis(1));
        if (!node.requests.checks().isEmpty()) {
          node.failCheck();
        }
      }
      long pause = (node.now() - lostAt) / 1_000_000;
      assertThat(pause).isBetween(25L, 501L);
      assertThat(pause).isLessThanOrEqualTo(Math.min(500L, 50L << Math.min(i, 5)) + 1);
      backoff.add(pause);
      longest = Math.max(longest, pause);
    }
    assertThat(longest).as("the pauses grow").isGreaterThan(250);
    assertThat(backoff).as("and are random").hasSizeGreaterThan(8);
  }

  @Test
  void aSubscriptionWithoutAnOutcome_isTriedAgain() {
    node.failCheck();

    node.advance(LONGEST_SUBSCRIBING);

    assertThat(node.requests.subscriptions()).hasSize(2);
  }

  @Test
  void theConfirmationOfAnAbandonedSubscription_isIgnored() {
    long abandoned = node.lastSubscription();
    node.failCheck().advance(LONGEST_SUBSCRIBING);

    node.on(new Event.Subscribed(abandoned));

    assertThat(node.observer.receivingEvents()).doesNotContain("subscribed");
  }

  @Test
  void aForgottenConnection_isReplacedAtOnceAndNotTold() {
    node.joined(5);

    node.on(new Event.Lost(node.lastSubscription(), forgotten()));

    assertThat(node.requests.subscriptions()).hasSize(2);
    assertThat(node.observer.timesReceiving("lost")).isZero();
  }

  @Test
  void aReplacementThatFails_isTold() {
    node.joined(5);
    node.on(new Event.Lost(node.lastSubscription(), forgotten()));

    node.lost();

    assertThat(node.observer.timesReceiving("lost")).isEqualTo(1);
  }

  @Test
  void aConnectionForgottenAgainBeforeAnythingCame_isTold() {
    node.joined(5);
    node.on(new Event.Lost(node.lastSubscription(), forgotten()));
    node.subscribed();

    node.on(new Event.Lost(node.lastSubscription(), forgotten()));

    assertThat(node.observer.timesReceiving("lost")).isEqualTo(1);
  }

  @Test
  void aConnectionForgottenAgainAfterAMessage_isNotTold() {
    node.joined(5);
    node.on(new Event.Lost(node.lastSubscription(), forgotten()));
    node.subscribed().deliver(6);

    node.on(new Event.Lost(node.lastSubscription(), forgotten()));

    assertThat(node.observer.timesReceiving("lost")).isZero();
  }

  private static ConnectionLostException forgotten() {
    return new ConnectionLostException("Injected: forgotten", null);
  }

  @Test
  void theEndOfAnEarlierSubscription_isIgnored() {
    long earlier = node.lastSubscription();
    node.lost().advance(Duration.ofMillis(60)).subscribed();
    assertThat(node.lastSubscription()).isNotEqualTo(earlier);

    node.on(new Event.Lost(earlier, new ChannelException("late", null)));

    assertThat(node.observer.timesReceiving("lost")).isEqualTo(1);
    node.advance(TIMEOUT);
    assertThat(node.requests.subscriptions()).hasSize(2);
  }

  @Test
  void aSubscriptionThatIsLostTwice_isToldOnce() {
    node.joined(5);
    long subscription = node.lastSubscription();

    node.on(new Event.Lost(subscription, new ChannelException("first", null)));
    node.on(new Event.Lost(subscription, new ChannelException("again", null)));

    assertThat(node.observer.timesReceiving("lost")).isEqualTo(1);
  }

  /** So the nodes are not stale for as long as it takes to subscribe again. */
  @Test
  void aLostSubscription_isFollowedAtOnceByACheckThatReadsTheMissedMessages() {
    node.joined(5).lost();

    node.answerCheck(at(7));

    assertThat(node.pendingReading().from()).isEqualTo(at(5));
    node.answerReading(5, 7);
    assertThat(node.localCaches.applied()).containsExactly("6", "7");
  }

  @Test
  void aSubscriptionThatLived_isMadeAnewAtOnce_andLaterIfThatFailsToo() {
    node.joined(5).advance(LIVED).lost();
    assertThat(node.requests.subscriptions()).hasSize(2);

    node.lost();
    assertThat(node.requests.subscriptions()).hasSize(2);
    node.advance(Duration.ofMillis(60));

    assertThat(node.requests.subscriptions()).hasSize(3);
  }

  /** A server that does not allow it, or is down, is not asked more often than else. */
  @Test
  void attemptsToSubscribeThatFail_areFollowedByNoCheck() {
    node.joined(5).lost().answerCheck(at(5));

    for (int i = 0; i < 2; i++) {
      node.advance(Duration.ofMillis(60)).lost();
    }

    assertThat(node.requests.checks()).isEmpty();
  }

  /** A proxy may accept, deliver and close. */
  @Test
  void subscriptionsThatAreLostAtOnce_areMadeAnewAfterPauses_whateverTheyDeliver() {
    node.joined(5);
    int before = node.requests.subscriptions().size();

    for (int i = 0; i < 20; i++) {
      node.subscribed().deliver(6 + i).lost();
    }

    assertThat(node.requests.subscriptions()).hasSizeLessThanOrEqualTo(before + 1);
  }

  /** A kill long ago does not make it worth a warning. */
  @Test
  void aForgottenConnection_isReplacedUnnoticed_alsoAfterAKill() {
    node.joined(5).advance(LIVED).lost().subscribed().advance(Duration.ofMinutes(1));
    int told = lost();

    node.on(
        new Event.Lost(node.lastSubscription(), new ConnectionLostException("forgotten", null)));

    assertThat(lost()).isEqualTo(told);
  }

  private int lost() {
    return Collections.frequency(node.observer.receivingEvents(), "lost");
  }

  @Test
  void aSubscriptionThatIsBack_isFollowedByACheckAtOnceAndClearsNothing() {
    node.joined(5).lost().answerCheck(at(5)).advance(Duration.ofMillis(100));
    assertThat(node.requests.checks()).isEmpty();

    node.subscribed();

    long sent = node.now();
    node.pass(Duration.ofMillis(2)).answerCheck(at(5));
    assertThat(node.confirmed()).isEqualTo(sent);
    assertThat(node.localCaches.clears()).isEmpty();
  }

  @Test
  void messagesPublishedDuringAnOutage_areReadAtTheFirstCheckAfterTheOutage() {
    node.joined(5).lost().advance(Duration.ofMillis(100)).subscribed();

    node.answerCheck(at(8));

    assertThat(node.pendingReading().from()).isEqualTo(at(5));
    node.answerReading(5, 8);
    assertThat(node.localCaches.applied()).containsExactly("6", "7", "8");
    assertThat(node.localCaches.clears()).isEmpty();
    assertThat(node.observer.receivingEvents()).contains("replayed 3");
  }

  @Test
  void aCheckFromBeforeTheOutageThatIsAnsweredAfterIt_doesNotSpareTheReading() {
    node.joined(5).untilNextCheck().lost().advance(Duration.ofMillis(60)).subscribed();
    node.answerCheck(at(5));

    node.answerCheck(at(6));

    assertThat(node.requests.readings()).hasSize(1);
  }

  @Test
  void whileTheSubscriptionIsGone_checksReadTheLogAndConfirm() {
    node.joined(5).lost();

    node.untilNextCheck();
    long sent = node.now();
    node.answerCheck(at(6)).answerReading(5, 6);

    assertThat(node.confirmed()).isGreaterThanOrEqualTo(sent - INTERVAL.toNanos()).isPositive();
    assertThat(node.localCaches.applied()).containsExactly("6");
    assertThat(node.localCaches.clears()).isEmpty();
  }
}
