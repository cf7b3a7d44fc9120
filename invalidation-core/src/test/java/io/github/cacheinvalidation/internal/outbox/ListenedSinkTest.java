package io.github.cacheinvalidation.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.Invalidation;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A listener to writes, and whether all writes are published. */
class ListenedSinkTest extends OutboxFixture {

  private final List<Invalidation.OfCache<Object>> written = new CopyOnWriteArrayList<>();

  private final InvalidationSink sink = new ListenedSink(outbox, written::add);

  @Test
  void write_isToldBeforeItIsPublished() {
    channel.withEachPublication(() -> assertThat(written).hasSize(1));
    start();

    sink.add("c", 1);

    assertThat(written).containsExactly(new Invalidation.Keys<>("c", List.of(1)));
    channel.awaitAccepted(1);
  }

  @Test
  void writesOfATransaction_areToldInTheirOrder() {
    List<Invalidation.OfCache<Object>> stale =
        List.of(new Invalidation.Keys<>("c", List.of(1, 2)), new Invalidation.Whole<>("d"));

    sink.addAll(stale);

    assertThat(written).isEqualTo(stale);
  }

  @Test
  void outbox_isDrainedWhenAllIsAccepted() throws InterruptedException {
    assertThat(outbox.isDrained()).isFalse();
    startBusy();

    assertThat(outbox.isDrained()).isFalse();
    channel.open();

    await().atMost(PATIENCE).until(outbox::isDrained);
    outbox.addAll(List.of(new Invalidation.Whole<>("c")));
    await().atMost(PATIENCE).until(() -> channel.accepted().size() == 2);
    await().atMost(PATIENCE).until(outbox::isDrained);
  }

  @Test
  void wholeCacheThatWaits_isNotDrained() throws InterruptedException {
    startBusy();
    outbox.addAll(List.of(new Invalidation.Whole<>("c")));

    channel.letThrough(1);
    channel.awaitEntered(1);

    assertThat(outbox.pendingKeys()).isZero();
    assertThat(outbox.isDrained()).isFalse();
  }
}
