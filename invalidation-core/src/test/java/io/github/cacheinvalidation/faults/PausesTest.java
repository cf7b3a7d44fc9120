package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.testing.TcpProxy;
import io.github.cacheinvalidation.testing.TestRedis;
import io.github.cacheinvalidation.testing.junit.ChildJvm;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes that stand still while their connections stay. */
@Tag("G4")
class PausesTest {

  private static final Duration BOUND = Duration.ofSeconds(1);

  @RegisterExtension final Shop shop = new Shop();

  private final TestRedis redis = shop.redis();

  private ShopNode node(Client client, String name) {
    ShopNode node = shop.node(name, client.of(redis), ShopNode.bounds(BOUND, BOUND)).join();
    shop.fill(20);
    shop.readAll(node);
    return node;
  }

  /** Pauses a server for longer than the bound and every timeout. */
  private void assertBoundKept(Client client, Runnable pause, Runnable resume) {
    ShopNode reader = node(client, "reader");
    ShopNode writer = node(client, "writer");
    BoundWatch watch = shop.watch(reader, BOUND);

    pause.run();
    shop.writeAll(writer);
    shop.database.forEach(watch::changed);
    reader.awaitCoherent();
    await().atMost(PATIENCE).until(() -> reader.observer.checksFailed.get() > 0);
    await().atMost(PATIENCE).until(() -> writer.observer.publicationsFailed.get() > 0);
    assertThat(reader.observer.clears()).contains(ClearReason.STALENESS_BOUND);
    resume.run();

    Shop.awaitPublished(writer);
    shop.assertStillCoherent(writer, reader);
    shop.assertStillCoherent(reader, writer);
    watch.assertKept();
    assertThat(reader.observer.clearsForLoss()).isEmpty();
    assertThat(writer.observer.clearsForLoss()).isEmpty();
  }

  @Tag("G4.7")
  @ParameterizedTest
  @EnumSource
  void aStoppedServer_letsNoReadBeOlderThanTheBoundAndIsNoLoss(Client client) {
    assertBoundKept(client, redis::pause, redis::resume);
  }

  @Tag("G4.7")
  @ParameterizedTest
  @EnumSource
  void aServerThatPausesItsClients_letsNoReadBeOlderThanTheBoundAndIsNoLoss(Client client) {
    assertBoundKept(client, () -> redis.command("CLIENT", "PAUSE", "3000", "ALL"), () -> {});
  }

  @Tag("G4.8")
  @Test
  void aStoppedNode_answersItsFirstReadWithinTheBound() {
    TcpProxy network = shop.network(redis);
    redis.command("SET", NodeProcess.PRICE, "1");
    try (ChildJvm node =
        ChildJvm.started(
            NodeProcess.class,
            String.valueOf(network.port()),
            String.valueOf(redis.port()),
            shop.channel,
            String.valueOf(BOUND.toMillis()))) {
      assertThat(node.awaitLine(line -> line.startsWith("reads "))).isEqualTo("reads 1");
      network.swallow(connection -> true); // nothing but its own clock can tell it

      node.pause();
      redis.command("SET", NodeProcess.PRICE, "2");
      node(Client.LETTUCE, "writer").write(1, 2);
      Duration longer = BOUND.multipliedBy(3).dividedBy(2);
      await().pollDelay(longer).until(() -> true);
      long resumed = System.currentTimeMillis();
      node.resume();

      assertThat(node.awaitLine(line -> NodeProcess.isFirstReadAfter(resumed, line)))
          .endsWith(" 2");
    }
  }
}
