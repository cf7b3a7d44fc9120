package io.github.cacheinvalidation.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.channel.ChannelException;
import io.github.cacheinvalidation.wire.Invalidation;
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
class BatchTest {

  /** A channel that notes what it is asked for. */
  private static final class Scripted implements Batch.Way {

    private final List<String> happened = new ArrayList<>();

    private final List<String> failing = new ArrayList<>();

    private final List<String> silent = new ArrayList<>();

    private boolean able = true;

    private int underWay;

    private int mostUnderWay;

    private Outcome outcome = Outcome.ACCEPTED;

    /** Answers at once, which nobody looks at before the answer is awaited. */
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
    public Outcome publish(EncodedMessage message) {
      happened.add("published " + name(message));
      return outcome;
    }

    private static String name(EncodedMessage message) {
      return message.caches().get(0).cache();
    }
  }

  private final Scripted channel = new Scripted();

  private Outcome send(Outcome worst, int messages) {
    Batch batch =
        new Batch(channel, worst, channel.silent.isEmpty() ? Outbox.PATIENCE : Duration.ZERO);
    for (int i = 0; i < messages; i++) {
      batch.add(new EncodedMessage(List.of(new Invalidation.Whole<>("m" + i)), 0));
    }
    return batch.end();
  }

  @Test
  void oneMessage_isPublishedByWaiting() {
    assertThat(send(Outcome.REFUSED, 1)).isEqualTo(Outcome.ACCEPTED);

    assertThat(channel.happened).containsExactly("published m0");
  }

  @Test
  void nothing_isAccepted() {
    assertThat(send(Outcome.REFUSED, 0)).isEqualTo(Outcome.ACCEPTED);

    assertThat(channel.happened).isEmpty();
  }

  @Test
  void severalMessages_areUnderWayAtATime_upToALimit() {
    assertThat(send(Outcome.REFUSED, 10)).isEqualTo(Outcome.ACCEPTED);

    assertThat(channel.mostUnderWay).isEqualTo(Batch.MOST_UNDER_WAY);
    assertThat(channel.happened).hasSize(20).doesNotContain("failed");
    assertThat(channel.happened.get(19)).isEqualTo("accepted m9");
  }

  @Test
  void messageWithoutAnAnswer_isPublishedAgain_andTheOthersAreNot() {
    channel.failing.add("m1");

    assertThat(send(Outcome.REFUSED, 3)).isEqualTo(Outcome.ACCEPTED);

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

    assertThat(send(Outcome.REFUSED, 3)).isEqualTo(Outcome.ACCEPTED);

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

    assertThat(send(Outcome.REFUSED, 3)).isEqualTo(Outcome.ACCEPTED);

    assertThat(channel.happened).containsExactly("published m0", "published m1", "published m2");
  }

  @Test
  void afterARefusal_theOthersArePublished_andItIsTheOutcome() {
    channel.able = false;
    channel.outcome = Outcome.REFUSED;

    assertThat(send(Outcome.REFUSED, 3)).isEqualTo(Outcome.REFUSED);

    assertThat(channel.happened).containsExactly("published m0", "published m1", "published m2");
  }

  @Test
  void afterTheEnd_nothingMoreIsPublished() {
    channel.able = false;
    channel.outcome = Outcome.ENDED;

    assertThat(send(Outcome.REFUSED, 3)).isEqualTo(Outcome.ENDED);

    assertThat(channel.happened).containsExactly("published m0");
  }

  @Test
  void whatWasRefusedBefore_isTriedOneAfterTheOther_andEndsAtTheFirstRefusal() {
    channel.outcome = Outcome.REFUSED;

    assertThat(send(Outcome.ACCEPTED, 3)).isEqualTo(Outcome.REFUSED);

    assertThat(channel.happened).containsExactly("published m0");
  }
}
