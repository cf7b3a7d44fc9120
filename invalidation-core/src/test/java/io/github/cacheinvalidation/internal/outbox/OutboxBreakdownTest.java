package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.cacheinvalidation.InvalidationObserver;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.testing.ScriptedChannel;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No write is lost if something around the sender breaks. */
@Tag("G5")
class OutboxBreakdownTest {

  private static final int FAILURES = 5;

  private final ScriptedChannel channel = new ScriptedChannel();

  private final AtomicInteger failures = new AtomicInteger(FAILURES);

  private final InvalidationObserver broken =
      new InvalidationObserver() {
        @Override
        public void published(int keys, int wholeCaches) {
          breakDown();
        }

        @Override
        public void publishFailed(RuntimeException cause) {
          breakDown();
        }
      };

  private Outbox outbox = outbox(broken);

  private static Outbox outbox(InvalidationObserver observer) {
    return new Outbox(
        new KeyEncoder(List.of()),
        new OutboxSettings(false, Duration.ofSeconds(5), 512, 100),
        observer,
        () -> "nonce",
        new Random(3),
        OutboxFixture.noWriters());
  }

  private void breakDown() {
    if (failures.getAndDecrement() > 0) {
      throw new InternalError("Injected");
    }
  }

  private void start() {
    outbox.start(channel, new BodyWriter("node", "me"));
  }

  @AfterEach
  void stop() {
    outbox.stop(Duration.ofSeconds(1));
  }

  @Tag("G5.19")
  @Test
  void memoryThatRunsOutAgainAndAgain_endsNothingAndLosesNothing() {
    start();

    outbox.add("c", 1);
    channel.awaitAccepted(FAILURES + 1);
    outbox.add("d", 2);

    assertThat(channel.awaitAccepted(FAILURES + 2)).last().asString().contains("{\"d\":[2]}");
    assertThat(channel.accepted().get(0)).contains("{\"c\":[1]}");
  }

  @Test
  void memoryThatRunsOutUntilTheEnd_leavesAllForTheNextStart() {
    failures.set(Integer.MAX_VALUE);
    start();
    outbox.add("c", 1);
    channel.awaitAccepted(1);

    outbox.stop(Duration.ofMillis(1));
    assertThat(outbox.pendingKeys()).isEqualTo(1);
    failures.set(0);
    start();

    outbox.stop(Duration.ofSeconds(5));
    assertThat(channel.accepted()).last().asString().contains("{\"c\":[1]}");
    assertThat(outbox.pendingKeys()).isZero();
  }

  @Test
  void stopOnTheSendersOwnThread_endsTheSenderAndKeepsThePendingKeys() {
    channel.fail();
    CountDownLatch stopped = new CountDownLatch(1);
    outbox =
        outbox(
            new InvalidationObserver() {
              @Override
              public void publishFailed(RuntimeException cause) {
                outbox.stop(Duration.ofSeconds(1));
                stopped.countDown();
              }
            });
    start();

    outbox.add("c", 1);

    Awaitility.await().until(() -> stopped.getCount() == 0 && !Stuck.isStuck(outbox));
    Awaitility.await().until(() -> outbox.pendingKeys() == 1);
    channel.heal();
    start();
    assertThat(channel.awaitAccepted(1)).last().asString().contains("{\"c\":[1]}");
  }

  @Test
  void anObserverThatBreaksOnEveryMessage_holdsNothingUp() {
    failures.set(Integer.MAX_VALUE);
    outbox = outbox(InvalidationObserver.all(List.of(broken)));
    start();

    outbox.add("c", 1);
    channel.awaitAccepted(1);
    outbox.add("d", 2);

    assertThat(channel.awaitAccepted(2).get(1)).contains("{\"d\":[2]}");
  }
}
