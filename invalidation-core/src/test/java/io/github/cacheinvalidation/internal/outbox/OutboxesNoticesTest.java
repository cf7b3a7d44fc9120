package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.Invalidation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which writes to a cache of a cache channel are on the own channel too. */
class OutboxesNoticesTest extends OutboxesFixture {

  /** So that a node which expects the cache there hears the settings of this one. */
  @Test
  void firstKeyOfEachCacheOfACacheChannel_isOnTheOwnChannelToo() {
    compared.addAll(List.of("red", "blue", "crimson", "green"));
    start();

    outboxes.sink().add("red", 1);
    assertThat(own.awaitAccepted(1)).containsExactly(body("\"red\":[1]"));
    outboxes.sink().add("red", 2);
    outboxes
        .sink()
        .addAll(
            List.of(
                new Invalidation.Keys<>("red", keys(3)),
                new Invalidation.Keys<>("blue", keys(4, 5)),
                new Invalidation.Keys<>("crimson", keys(8))));
    outboxes.sink().addAll(List.of(new Invalidation.Keys<>("blue", keys(6))));
    await().atMost(PATIENCE).until(outboxes::isDrained);
    outboxes.sink().add("green", 7);

    assertThat(own.awaitAccepted(3))
        .containsExactly(
            body("\"red\":[1]"), body("\"blue\":[4],\"crimson\":[8]"), body("\"green\":[7]"));
    assertThat(String.join("", blues.accepted())).contains("4", "5", "6");
  }

  @Test
  void firstKeyAfterEachStart_isOnTheOwnChannelToo() {
    compared.add("red");
    start();
    outboxes.sink().add("red", 1);
    outboxes.stop(PATIENCE);

    start();
    outboxes.sink().add("red", 2);

    assertThat(own.awaitAccepted(2)).containsExactly(body("\"red\":[1]"), body("\"red\":[2]"));
  }

  /** A node that hears both channels would clear the cache twice. */
  @Test
  void clearOfACacheOfACacheChannel_isOnItsChannelAlone_andLeavesTheNoticeToAKey() {
    compared.add("crimson");
    start();

    outboxes.sink().addAll(List.of(new Invalidation.Whole<>("crimson")));
    reds.awaitAccepted(1);
    outboxes.sink().add("crimson", 1);

    assertThat(own.awaitAccepted(1)).containsExactly(body("\"crimson\":[1]"));
  }

  @Test
  void cacheWhoseSettingsNoMessageHas_isOnItsChannelAlone() {
    start();

    outboxes.sink().add("red", 1);
    outboxes.sink().addAll(List.of(new Invalidation.Whole<>("blue")));
    outboxes.stop(PATIENCE);

    assertThat(own.accepted()).isEmpty();
  }

  @Test
  void ownChannelThatFails_getsTheNoticeOfALaterWrite() {
    compared.add("red");
    outboxes.sink().add("red", 1);
    start();
    own.fail();
    outboxes.sink().add("green", 2);
    await().atMost(PATIENCE).until(() -> !observer.failures().isEmpty());
    outboxes.sink().add("red", 3);
    own.heal();
    await().atMost(PATIENCE).until(outboxes::isDrained);

    outboxes.sink().add("red", 4);

    assertThat(own.awaitAccepted(2)).containsExactly(body("\"green\":[2]"), body("\"red\":[4]"));
  }

  @Test
  void awaitedWriteOfACacheChannel_doesNotWaitForTheOwnChannel() {
    compared.addAll(List.of("red", "blue"));
    outboxes = outboxes(new OutboxSettings(true, HOUR, 1, 1));
    own.block();
    start();
    outboxes.sink().add("red", 1).await();

    outboxes
        .sink()
        .addAll(List.of(new Invalidation.Keys<>("blue", keys(2)), new Invalidation.Whole<>("red")))
        .await();

    assertThat(own.accepted()).isEmpty();
    assertThat(blues.accepted()).hasSize(1);
  }
}
