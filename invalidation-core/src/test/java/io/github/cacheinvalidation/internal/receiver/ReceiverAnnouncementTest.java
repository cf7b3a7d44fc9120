package io.github.cacheinvalidation.internal.receiver;

import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.OWN;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.message.Position;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Messages that are told ahead of the log. */
@Tag("G3")
class ReceiverAnnouncementTest {

  private final ReceiverFixture node = new ReceiverFixture().joined(5);

  @Test
  void anAnnouncement_isAppliedAtOnceAndCoversNothing() {
    node.announce(6);

    assertThat(node.localCaches.applied()).containsExactly("6");
    assertThat(node.requests.readings()).isEmpty();
    node.deliver(7);
    assertThat(node.pendingReading().from()).isEqualTo(at(5));
  }

  @Tag("G3.12")
  @Test
  void announcedMessage_isCoveredWithoutBeingAppliedAgain() {
    node.announce(6).deliver(6);

    assertThat(node.localCaches.applied()).containsExactly("6");
    node.deliver(7);
    assertThat(node.requests.readings()).isEmpty();
  }

  @Tag("G3.12")
  @Test
  void lostAnnouncement_doesNotKeepTheMessageFromBeingApplied() {
    node.deliver(6);

    assertThat(node.localCaches.applied()).containsExactly("6");
  }

  @Test
  void anAnnouncedMessageThatIsReadFromTheLog_isNotAppliedAgain() {
    node.announce(6).deliver(7).answerReading(5, 7);

    assertThat(node.localCaches.applied()).containsExactly("6", "7");
    node.deliver(8);
    assertThat(node.requests.readings()).isEmpty();
  }

  @Tag("G3.12")
  @Test
  void anotherMessageUnderTheSameNonce_isApplied() {
    node.announce(6).deliver(at(6), at(5), 99);

    assertThat(node.localCaches.applied()).containsExactly("6", "99");
  }

  @Test
  void theSameInvalidationUnderAnotherNonce_isApplied() {
    node.announce(6).deliver(new Position("6-0", "x"), at(5), 6);

    assertThat(node.localCaches.applied()).containsExactly("6", "6");
  }

  @Test
  void anAnnouncementCountsOnce() {
    node.announce(6).deliver(6).deliver(at(7), at(6), 7).deliver(at(6), at(7), 6);

    assertThat(node.localCaches.applied()).containsExactly("6", "7");
    node.announce(8).deliver(8);
    node.deliver(new Position("9-0", "n8"), at(8), 8);
    assertThat(node.localCaches.applied()).containsExactly("6", "7", "8", "8");
  }

  @Test
  void ofTooManyAnnouncements_theOldestAreAppliedAgain() {
    for (int number = 6; number < 6 + 65; number++) {
      node.announce(number);
    }
    node.localCaches.applied().clear();

    node.deliver(6).deliver(7);

    assertThat(node.localCaches.applied()).containsExactly("6");
  }

  @Test
  void aLongAnnouncement_isAppliedButNotKept() {
    String long_ = "c".repeat(2000);
    String body = "\"v\":1,\"from\":\"other/1\",\"body\":1,\"caches\":{\"" + long_ + "\":\"*\"}}";

    node.deliver("{\"ahead\":\"n6\"," + body);
    node.deliver("{\"pos\":\"6-0/n6\",\"prev\":\"5-0/n5\"," + body);

    assertThat(node.localCaches.applied()).containsExactly(long_, long_);
  }

  @Test
  void anAnnouncementOfOnesOwn_isNotApplied() {
    node.deliver(
        "{\"ahead\":\"n6\",\"v\":1,\"from\":\"" + OWN + "\",\"body\":1,\"caches\":{\"6\":\"*\"}}");

    assertThat(node.localCaches.applied()).isEmpty();
  }
}
