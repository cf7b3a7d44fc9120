package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.NotPublishedException;
import io.github.cacheinvalidation.internal.node.NodeBuilder;
import io.github.cacheinvalidation.internal.outbox.OutboxSettings;
import io.github.cacheinvalidation.testing.TcpProxy;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Writes while Redis cannot be reached. The network breaks, not the server, and the bound of the
 * caches is long: nothing is cleared when it is back, so nothing but the outbox can heal.
 */
@Tag("G5")
class OutageTest {

  /** How long the outage lasts: {@code -Doutage.seconds=60} for a thorough run. */
  private static final Duration OUTAGE = Duration.ofSeconds(Long.getLong("outage.seconds", 5));

  private static final int KEYS = 12_000;

  private static final int WRITES_PER_SECOND = Math.max(1_000, KEYS / (int) OUTAGE.toSeconds());

  private static final int TICKS_PER_SECOND = 100;

  private static final Consumer<NodeBuilder> LONG_BOUND =
      ShopNode.bounds(ShopNode.BOUND, Duration.ofHours(1));

  @RegisterExtension final Shop shop = new Shop();

  private final TestRedis redis = shop.redis();

  private final TcpProxy network = shop.network(redis);

  private ShopNode node(Client client, String name, Consumer<NodeBuilder> customizer) {
    return shop.node(name, client.of(redis, network), LONG_BOUND.andThen(customizer)).join();
  }

  private static Consumer<NodeBuilder> outbox(boolean await, int maxPendingKeys) {
    return node ->
        node.outbox(new OutboxSettings(await, Duration.ofSeconds(1), 512, maxPendingKeys));
  }

  private static void assertKeptWarm(ShopNode node) {
    assertThat(node.observer.clears()).isSubsetOf(ClearReason.JOINED);
  }

  @Tag("G5.10")
  @Test
  void anOutageUnderWrites_losesNothing() {
    ShopNode writer = node(Client.LETTUCE, "writer", node -> {});
    ShopNode first = node(Client.LETTUCE, "first", node -> {});
    ShopNode second = node(Client.JEDIS, "second", node -> {});
    shop.fill(KEYS);
    shop.readAll(first, second);
    network.refuse();

    long end = System.nanoTime() + OUTAGE.toNanos();
    int written = 0;
    int mostPending = 0;
    while (written < KEYS || System.nanoTime() - end < 0) {
      for (int i = 0; i < WRITES_PER_SECOND / TICKS_PER_SECOND; i++) {
        writer.write(written % KEYS, 1 + written / KEYS);
        written++;
      }
      mostPending = Math.max(mostPending, writer.node().pendingKeys());
      LockSupport.parkNanos(Duration.ofSeconds(1).toNanos() / TICKS_PER_SECOND);
    }

    assertThat(first.read(1)).as("still cut off").isZero();
    assertThat(mostPending).isBetween(KEYS / 2, 2 * KEYS);
    network.accept();
    Shop.awaitPublished(writer);
    first.awaitCoherent();
    second.awaitCoherent();
    assertKeptWarm(first);
    assertKeptWarm(second);
    assertThat(writer.observer.overflows).hasValue(0);
  }

  @Test
  void moreWritesThanTheOutboxHolds_becomeTheWholeCache() {
    int most = 1_000;
    ShopNode writer = node(Client.LETTUCE, "writer", outbox(false, most));
    ShopNode reader = node(Client.LETTUCE, "reader", node -> {});
    shop.fill(3L * most);
    shop.readAll(reader);
    network.refuse();

    shop.database.forEach(
        (key, value) -> {
          writer.write(key, value + 1);
          assertThat(writer.node().pendingKeys()).isLessThanOrEqualTo(most);
        });

    network.accept();
    reader.awaitCoherent();
    Shop.awaitPublished(writer);
    assertThat(writer.observer.overflows).hasPositiveValue();
    assertThat(reader.observer.clears()).contains(ClearReason.INVALIDATED);
    assertThat(reader.observer.clearsForLoss()).isEmpty();
  }

  @Test
  void aWriterThatWaits_isToldThatTheWriteStands() {
    ShopNode writer = node(Client.LETTUCE, "writer", outbox(true, 100_000));
    ShopNode reader = node(Client.LETTUCE, "reader", node -> {});
    shop.fill(2);
    shop.readAll(writer, reader);
    writer.write(0, 1);
    reader.awaitCoherent();
    network.refuse();

    for (long key = 0; key < 2; key++) {
      long changed = key;
      assertThatThrownBy(() -> writer.write(changed, 2))
          .isInstanceOf(NotPublishedException.class)
          .hasMessageContaining("The write stands")
          .hasMessageContaining("the outbox keeps trying");
      assertThat(writer.read(changed)).isEqualTo(2);
    }

    assertThat(reader.read(1)).isZero();
    network.accept();
    reader.awaitCoherent();
    await().atMost(PATIENCE).until(() -> !isPublishingStuck(writer));
    writer.write(1, 3);
    reader.awaitCoherent();
    assertKeptWarm(reader);
  }

  @Test
  void aServerRestartedUnderWrites_convergesWithAllNodes() {
    ShopNode writer = node(Client.LETTUCE, "writer", node -> {});
    ShopNode reader = node(Client.JEDIS, "reader", node -> {});
    shop.fill(500);

    for (int round = 1; round <= 2; round++) {
      shop.readAll(reader, writer);
      redis.stop();
      for (long key = 0; key < 500; key++) {
        (key % 2 == 0 ? writer : reader).write(key, round);
      }
      await().atMost(PATIENCE).until(() -> isPublishingStuck(writer));
      await().atMost(PATIENCE).until(() -> isPublishingStuck(reader));
      redis.start();
      reader.awaitCoherent();
      writer.awaitCoherent();
    }

    Shop.awaitPublished(writer);
    Shop.awaitPublished(reader);
    shop.assertStillCoherent(writer, reader);
  }

  private static boolean isPublishingStuck(ShopNode node) {
    return node.node().status().impairments().contains(Impairment.PUBLICATIONS);
  }
}
