package io.github.cacheinvalidation.internal.receiver;

import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.at;
import static io.github.cacheinvalidation.internal.receiver.ReceiverFixture.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.internal.channel.LogEntry;
import io.github.cacheinvalidation.internal.channel.LogPage;
import io.github.cacheinvalidation.internal.channel.Tip;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With any events in any order, the receiver neither spins nor sleeps too long. */
@Tag("G3")
class RandomEventsTest {

  private static final int EVENTS = 20_000;

  private final Random random = new Random();

  /** The starts include one whose clock overflows during the test. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, Long.MAX_VALUE - 2_000_000_000_000L, Long.MIN_VALUE, -5})
  void theNextMoment_isAheadAndNear(long start) {
    random.setSeed(start);
    ReceiverFixture node = new ReceiverFixture(start);
    for (int i = 0; i < EVENTS; i++) {
      node.on(anyEvent(node));
      long ahead = node.next() - node.now();
      assertThat(ahead).as("event %d: nanoseconds until the next moment", i).isPositive();
      boolean somethingUnderWay =
          !node.requests.checks().isEmpty() || !node.requests.readings().isEmpty();
      if (!somethingUnderWay) {
        assertThat(ahead)
            .as("event %d: nanoseconds until the next check", i)
            .isLessThanOrEqualTo(ReceiverFixture.BOUND.toNanos());
      }
      if (random.nextInt(3) == 0) {
        node.pass(
            Duration.ofNanos(
                random.nextLong(node.next() - node.now() > 1e12 ? 1_000_000 : ahead) + 1));
      }
    }
  }

  private Event anyEvent(ReceiverFixture node) {
    ChannelException failure = new ChannelException("Injected", null);
    return switch (random.nextInt(9)) {
      case 0 -> new Event.Subscribed(anyNumber(node.lastSubscription()));
      case 1 -> new Event.Lost(anyNumber(node.lastSubscription()), failure);
      case 2 -> answeredCheck(node);
      case 3 -> {
        node.requests.checks().clear();
        yield new Event.CheckFailed(failure);
      }
      case 4 -> {
        node.requests.readings().clear();
        yield new Event.Read(anyNumber(node.requests.readingsAsked()), anyPage());
      }
      case 5 -> {
        node.requests.readings().clear();
        yield new Event.ReadFailed(anyNumber(node.requests.readingsAsked()), failure);
      }
      case 6 -> new Event.Overflowed();
      default -> {
        int number = random.nextInt(40) + 1;
        int predecessor = random.nextInt(4) == 0 ? random.nextInt(40) : number - 1;
        yield ReceiverFixture.received(
            ReceiverFixture.message(at(number), at(predecessor), "other/1", number),
            random.nextBoolean());
      }
    };
  }

  private Event answeredCheck(ReceiverFixture node) {
    Event.Check check =
        node.requests.checks().isEmpty()
            ? new Event.Check(node.now())
            : node.requests.checks().remove();
    Tip tip = new Tip(at(random.nextInt(40)), "run-" + random.nextInt(2), random.nextInt(9) == 0);
    return new Event.Checked(check, tip);
  }

  private LogPage anyPage() {
    int first = random.nextInt(40);
    List<LogEntry> entries =
        IntStream.range(first, first + random.nextInt(5))
            .mapToObj(number -> entry(at(number), number))
            .toList();
    return new LogPage(entries, random.nextBoolean());
  }

  private long anyNumber(long newest) {
    return random.nextInt(3) == 0 ? newest - random.nextInt(3) : newest;
  }
}
