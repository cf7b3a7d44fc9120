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
  void keysThatTheLogRefused_keepTheirAge() {
    channel.refuse();
    start();
    outbox.add("prices", 1);

    Awaitility.await().atMost(PATIENCE).until(() -> OutboxAge.of(outbox).toMillis() >= 20);
    Duration before = OutboxAge.of(outbox);
    outbox.add("prices", 2);

    assertThat(OutboxAge.of(outbox)).isGreaterThanOrEqualTo(before);
    channel.heal();
    Awaitility.await().atMost(PATIENCE).until(() -> OutboxAge.of(outbox).isZero());
  }
}
