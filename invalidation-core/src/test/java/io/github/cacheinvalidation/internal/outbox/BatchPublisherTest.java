package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.Invalidation;
import io.github.cacheinvalidation.internal.channel.ChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Of several messages a few are under way at a time, and each is accepted in one way or the other.
 */
@Tag("G5")
class BatchPublisherTest {

  /** A channel that records its calls. */
  private static final class Scripted implements BatchPublisher.Way {

    private final List<String> happened = new ArrayList<>();

    private final List<String> failing = new ArrayList<>();

    private final List<String> silent = new ArrayList<>();

    private boolean able = true;

    private int underWay;

    private int mostUnderWay;

    private PublishOutcome outcome = PublishOutcome.ACCEPTED;

    /** Answers at once. The caller looks at the answer when it awaits the answer. */
    @Override
    public boolean begin(EncodedMessage message, Consumer<@Nullable ChannelException> told) {
      if (able) {
        happened.add("begun " + name(message));
        underWay++;
        mostUnderWay = Math.max(mostUnderWay, underWay);
        if (!silent.contains(name(message))) {
          told.accept(
              failing.contains(name(message)) ? new ChannelException("Injected", null) : null);
        }
      }
      return able;
    }

    @Override
    public void accepted(EncodedMessage message) {
      underWay--;
      happened.add("accepted " + name(message));
    }

    @Override
    public void failed(ChannelException failure) {
      underWay--;
      happened.add("failed");
    }

    @Override
    public PublishOutcome publish(EncodedMessage message) {
      happened.add("published " + name(message));
      return outcome;
    }

    private static String name(EncodedMessage message) {
      return message.caches().get(0).cache();
    }
  }

  private final Scripted channel = new Scripted();

  private PublishOutcome send(PublishOutcome worst, int messages) {
    BatchPublisher batch =
        new BatchPublisher(
            channel, worst, channel.silent.isEmpty() ? Outbox.PATIENCE : Duration.ZERO);
    for (int i = 0; i < messages; i++) {
      batch.add(new EncodedMessage(List.of(new Invalidation.Whole<>("m" + i)), 0));
    }
    return batch.end();
  }

  @Test
  void oneMessage_isPublishedByWaiting() {
    assertThat(send(PublishOutcome.REFUSED, 1)).isEqualTo(PublishOutcome.ACCEPTED);

    assertThat(channel.happened).containsExactly("published m0");
  }

  @Test
  void nothing_isAccepted() {
    assertThat(send(PublishOutcome.REFUSED, 0)).isEqualTo(PublishOutcome.ACCEPTED);

    assertThat(channel.happened).isEmpty();
  }

  @Test
  void severalMessages_areUnderWayAtATime_upToALimit() {
    assertThat(send(PublishOutcome.REFUSED, 10)).isEqualTo(PublishOutcome.ACCEPTED);

    assertThat(channel.mostUnderWay).isEqualTo(BatchPublisher.MOST_UNDER_WAY);
    assertThat(channel.happened).hasSize(20).doesNotContain("failed");
    assertThat(channel.happened.get(19)).isEqualTo("accepted m9");
  }

  @Test
  void messageWithoutAnAnswer_isPublishedAgain_andTheOthersAreNot() {
    channel.failing.add("m1");

    assertThat(send(PublishOutcome.REFUSED, 3)).isEqualTo(PublishOutcome.ACCEPTED);

    assertThat(channel.happened)
        .containsExactly(
            "begun m0",
            "begun m1",
            "begun m2",
            "accepted m0",
            "failed",
            "published m1",
            "accepted m2");
  }

  @Test
  void messageThatIsNeverAnswered_isPublishedAgain() {
    channel.silent.add("m1");

    assertThat(send(PublishOutcome.REFUSED, 3)).isEqualTo(PublishOutcome.ACCEPTED);

    assertThat(channel.happened)
        .containsExactly(
            "begun m0",
            "begun m1",
            "begun m2",
            "accepted m0",
            "failed",
            "published m1",
            "accepted m2");
  }

  @Test
  void whereNothingCanBeBegun_eachIsPublishedByWaiting() {
    channel.able = false;

    assertThat(send(PublishOutcome.REFUSED, 3)).isEqualTo(PublishOutcome.ACCEPTED);

    assertThat(channel.happened).containsExactly("published m0", "published m1", "published m2");
  }

  @Test
  void afterARefusal_theOthersArePublished_andItIsTheOutcome() {
    channel.able = false;
    channel.outcome = PublishOutcome.REFUSED;

    assertThat(send(PublishOutcome.REFUSED, 3)).isEqualTo(PublishOutcome.REFUSED);

    assertThat(channel.happened).containsExactly("published m0", "published m1", "published m2");
  }

  @Test
  void afterTheEnd_nothingMoreIsPublished() {
    channel.able = false;
    channel.outcome = PublishOutcome.ENDED;

    assertThat(send(PublishOutcome.REFUSED, 3)).isEqualTo(PublishOutcome.ENDED);

    assertThat(channel.happened).containsExactly("published m0");
  }

  @Test
  void batchThatEndsAtTheFirstRefusal_publishesOneMessageAfterTheOther() {
    channel.outcome = PublishOutcome.REFUSED;

    assertThat(send(PublishOutcome.ACCEPTED, 3)).isEqualTo(PublishOutcome.REFUSED);

    assertThat(channel.happened).containsExactly("published m0");
  }
}
