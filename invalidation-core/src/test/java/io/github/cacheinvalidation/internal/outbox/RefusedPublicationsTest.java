package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.NotPublishedException;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.internal.key.KeyEncoder;
import io.github.cacheinvalidation.internal.message.BodyWriter;
import io.github.cacheinvalidation.testing.RecordingObserver;
import io.github.cacheinvalidation.testing.ScriptedChannel;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Refused but announced keys stay pending and delay no other publication. */
@Tag("G5")
class RefusedPublicationsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration NEVER = Duration.ofHours(1);

  private final ScriptedChannel channel = new ScriptedChannel();

  private final RecordingObserver observer = new RecordingObserver();

  private Outbox outbox = outbox(100_000, false);

  private Outbox outbox(int maxPendingKeys, boolean await) {
    return new Outbox(
        new KeyEncoder(List.of()),
        new OutboxSettings(await, NEVER, 2, maxPendingKeys),
        observer,
        () -> UUID.randomUUID().toString(),
        new Random(3),
        OutboxFixture.noWriters());
  }

  private void start() {
    outbox.start(channel, new BodyWriter("node", "me"));
  }

  @AfterEach
  void stop() {
    channel.heal();
    outbox.stop(Duration.ofSeconds(1));
  }

  private void awaitTried(String keys) {
    await().atMost(PATIENCE).until(() -> channel.tried().contains(body(keys)));
  }

  private static String body(String keys) {
    return "{\"v\":1,\"from\":\"node/me\",\"body\":1,\"caches\":{\"c\":" + keys + "}}";
  }

  @Test
  void laterWrites_areAnnouncedAtOnceAndAllArePending() {
    channel.refuse();
    start();

    for (int key = 1; key <= 3; key++) {
      outbox.add("c", key);
      awaitTried("[" + key + "]");
    }

    await().atMost(PATIENCE).until(() -> outbox.pendingKeys() == 3);
    assertThat(Stuck.isStuck(outbox)).isTrue();
    assertThat(channel.accepted()).isEmpty();
    channel.heal();
    assertThat(channel.awaitAccepted(2)).containsExactly(body("[1,2]"), body("[3]"));
    await().atMost(PATIENCE).until(() -> outbox.pendingKeys() == 0);
    assertThat(Stuck.isStuck(outbox)).isFalse();
  }

  @Test
  void everyMessageOfABatch_isAnnounced() {
    channel.refuse();
    for (int key = 1; key <= 5; key++) {
      outbox.add("c", key);
    }

    start();

    awaitTried("[1,2]");
    awaitTried("[3,4]");
    awaitTried("[5]");
    assertThat(outbox.pendingKeys()).isEqualTo(5);
  }

  @Test
  void anotherAttempt_endsAtTheFirstRefusal() throws InterruptedException {
    channel.refuse();
    for (int key = 1; key <= 5; key++) {
      outbox.add("c", key);
    }
    start();

    channel.awaitEntered(6);

    assertThat(channel.tried().subList(3, 6)).containsOnly(body("[1,2]"));
  }

  @Test
  void aWriteThatIsAccepted_takesTheRefusedOnesAlong() {
    channel.refuse();
    start();
    outbox.add("c", 1);
    awaitTried("[1]");
    channel.heal();

    outbox.add("c", 2);

    assertThat(channel.awaitAccepted(2)).containsExactlyInAnyOrder(body("[1]"), body("[2]"));
  }

  @Test
  void tooManyKeys_becomeTheWholeCache() {
    outbox = outbox(3, false);
    channel.refuse();
    start();

    for (int key = 1; key <= 20; key++) {
      outbox.add("c", key);
      assertThat(outbox.pendingKeys()).isLessThanOrEqualTo(4);
      await().atMost(PATIENCE).until(() -> channel.tried().size() > 0);
    }

    awaitTried("\"*\"");
    channel.heal();
    assertThat(channel.awaitAccepted(1)).contains(body("\"*\""));
    await().atMost(PATIENCE).until(() -> outbox.pendingKeys() == 0);
  }

  @Test
  void stop_reportsAndKeepsTheRefusedKeys() {
    channel.refuse();
    start();
    outbox.add("c", 1);
    awaitTried("[1]");
    outbox.add("c", 2);
    awaitTried("[2]");

    outbox.stop(Duration.ofMillis(1));

    assertThat(observer.publishingEvents()).contains("unpublished 2+0");
    assertThat(outbox.pendingKeys()).isEqualTo(2);
    channel.heal();
    start();
    await().atMost(PATIENCE).until(() -> outbox.pendingKeys() == 0);
    assertThat(String.join("", channel.accepted())).contains("1").contains("2");
  }

  @Test
  void stop_triesTheRefusedOnesUntilItsTimeIsUp() {
    channel.refuse();
    start();
    outbox.add("c", 1);
    awaitTried("[1]");
    int tried = channel.tried().size();
    channel.withEachPublication(
        () -> {
          if (channel.tried().size() > tried + 1) {
            channel.heal();
          }
        });

    outbox.stop(PATIENCE);

    assertThat(channel.accepted()).containsExactly(body("[1]"));
    assertThat(outbox.pendingKeys()).isZero();
  }

  @Test
  void aWriterThatWaits_isToldOfTheRefusal() throws Exception {
    outbox = outbox(100, true);
    channel.block().refuse();
    start();
    FutureTask<Void> writer =
        new FutureTask<>(
            () -> {
              outbox.add("c", 1).await();
              return null;
            });
    Thread waiting = new Thread(writer);
    waiting.start();
    channel.awaitEntered(1);
    await().atMost(PATIENCE).until(() -> waiting.getState() == Thread.State.TIMED_WAITING);

    channel.open();

    assertThatThrownBy(() -> writer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .hasCauseInstanceOf(NotPublishedException.class)
        .hasRootCauseInstanceOf(PublicationRefusedException.class);
    channel.heal();
    assertThat(channel.awaitAccepted(1)).containsExactly(body("[1]"));
  }
}
