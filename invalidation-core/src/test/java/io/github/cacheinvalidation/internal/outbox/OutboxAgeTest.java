package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class OutboxAgeTest extends OutboxFixture {

  @Test
  void age_growsWhileAKeyCannotBePublished_andIsZeroAfterwards() throws InterruptedException {
    assertThat(OutboxAge.of(outbox)).isZero();
    startBusy();

    Awaitility.await().atMost(PATIENCE).until(() -> OutboxAge.of(outbox).toMillis() >= 20);

    channel.open();
    Awaitility.await().atMost(PATIENCE).until(() -> OutboxAge.of(outbox).isZero());
  }

  @Test
  void keysThatTheLogRefused_keepTheirAge() throws InterruptedException {
    startBusy();
    Awaitility.await().atMost(PATIENCE).until(() -> OutboxAge.of(outbox).toMillis() >= 100);
    Duration before = OutboxAge.of(outbox);

    channel.refuse();
    channel.open();
    channel.awaitEntered(1); // the refused keys are tried again

    assertThat(OutboxAge.of(outbox)).isGreaterThanOrEqualTo(before);
    channel.heal();
    Awaitility.await().atMost(PATIENCE).until(() -> OutboxAge.of(outbox).isZero());
  }
}
