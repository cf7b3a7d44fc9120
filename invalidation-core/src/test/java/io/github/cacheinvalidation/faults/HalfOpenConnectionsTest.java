package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.testing.TcpProxy;
import io.github.cacheinvalidation.testing.TcpProxy.Connection;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Connections over which nothing passes any more although both ends believe in them. The bound of
 * the caches is long, so nothing but the chain can heal.
 */
@Tag("G3")
class HalfOpenConnectionsTest {

  private static final Duration LONG = Duration.ofMinutes(5);

  @RegisterExtension final Shop shop = new Shop();

  private final TestRedis redis = shop.redis();

  private final TcpProxy network = shop.network(redis);

  private ShopNode node(Client client, String name) {
    ShopNode node =
        shop.node(name, client.of(redis, network), ShopNode.bounds(ShopNode.BOUND, LONG)).join();
    shop.fill(20);
    shop.readAll(node);
    return node;
  }

  private ShopNode other() {
    return shop.node("other", redis.lettuce(), ShopNode.bounds(ShopNode.BOUND, LONG)).join();
  }

  private static void assertKeptWarm(ShopNode node) {
    assertThat(node.observer.clears()).isSubsetOf(ClearReason.JOINED);
  }

  @Tag("G3.20")
  @ParameterizedTest
  @EnumSource
  void aHalfOpenSubscription_isHealedByReplay(Client client) {
    ShopNode node = node(client, "node");
    assertThat(network.swallow(Connection::isSubscriber)).isEqualTo(1);

    shop.writeAll(other());

    node.awaitCoherent();
    await().atMost(PATIENCE).until(() -> node.observer.replayed.get() > 0);
    assertKeptWarm(node);
  }

  @ParameterizedTest
  @EnumSource
  void aHalfOpenSubscriptionWithoutTraffic_costsNothing(Client client) {
    ShopNode node = node(client, "node");
    network.swallow(Connection::isSubscriber);
    int checked = node.observer.checked.get();

    await().atMost(PATIENCE).until(() -> node.observer.checked.get() > checked + 10);

    assertThat(node.observer.lost).as("nothing to miss, nothing to mend").hasValue(0);
    shop.assertStillCoherent(other(), node);
    assertKeptWarm(node);
  }

  /** The first one is found by a write of another node, the second one by its missing answer. */
  @Tag("G3.20")
  @ParameterizedTest
  @EnumSource
  void aHalfOpenReaderOfTheStream_isReplacedWithAndWithoutTraffic(Client client) {
    ShopNode node =
        shop.node(
                "node",
                client.of(redis, network),
                FeedKind.STREAM,
                ShopNode.bounds(ShopNode.BOUND, LONG))
            .join();
    shop.fill(20);
    shop.readAll(node);
    assertThat(network.swallow(Connection::isReader)).isEqualTo(1);
    ShopNode other = other();
    shop.writeAll(other);
    node.awaitCoherent();
    assertKeptWarm(node);

    int subscribed = node.observer.subscribed.get();
    network.swallow(Connection::isReader);
    await().atMost(PATIENCE).until(() -> node.observer.subscribed.get() > subscribed);

    shop.assertStillCoherent(other, node);
    assertKeptWarm(node);
  }

  @ParameterizedTest
  @EnumSource
  void aHalfOpenPublisher_losesNothing(Client client) {
    ShopNode other = other();
    ShopNode node = node(client, "node");
    shop.readAll(other);
    node.write(1, 1);
    Shop.awaitPublished(node);
    assertThat(network.swallow(Connection::isPublisher)).isEqualTo(1);

    shop.writeAll(node);

    other.awaitCoherent();
    Shop.awaitPublished(node);
    assertThat(node.observer.publicationsFailed).as("a fresh connection worked").hasValue(0);
    assertKeptWarm(node);
    assertKeptWarm(other);
  }

  @ParameterizedTest
  @EnumSource
  void aHalfOpenCheck_isAskedAgainOnAFreshConnection(Client client) {
    ShopNode node = node(client, "node");
    assertThat(network.swallow(Connection::isChecker)).isEqualTo(1);

    int checked = node.observer.checked.get();
    await().atMost(PATIENCE).until(() -> node.observer.checked.get() > checked + 1);
    assertThat(node.observer.checksFailed).as("a fresh connection worked").hasValue(0);

    shop.assertStillCoherent(other(), node);
    assertKeptWarm(node);
  }

  @Tag("G3.19")
  @ParameterizedTest
  @EnumSource
  void everyConnectionForgottenInAPause_theFirstWriteIsPublishedAndNobodyIsTold(Client client) {
    ShopNode other = other();
    ShopNode node = node(client, "node");
    shop.readAll(other);
    node.write(1, 1);
    Shop.awaitPublished(node);
    other.awaitCoherent();
    int before = node.channel().publications();
    assertThat(network.swallow(connection -> true)).isEqualTo(3);

    node.write(1, 2);

    other.awaitCoherent();
    Shop.awaitPublished(node);
    shop.assertStillCoherent(other, node);
    assertThat(node.channel().publications() - before)
        .as("one over the forgotten connection at most, one over a fresh one")
        .isBetween(1, 2);
    assertThat(node.observer.publicationsFailed).hasValue(0);
    assertThat(node.observer.checksFailed).hasValue(0);
    assertThat(node.observer.lost).hasValue(0);
    assertKeptWarm(node);
  }

  @Tag("G3.20")
  @ParameterizedTest
  @EnumSource
  void everyConnectionHalfOpen_isHealedByReplay(Client client) {
    ShopNode other = other();
    ShopNode node = node(client, "node");
    shop.readAll(other);
    node.write(1, 1);
    Shop.awaitPublished(node);
    assertThat(network.swallow(connection -> true)).isEqualTo(3);

    for (long key = 0; key < 10; key++) {
      other.write(key, 5);
      node.write(key + 10, 6);
    }

    node.awaitCoherent();
    other.awaitCoherent();
    await().atMost(PATIENCE).until(() -> node.observer.replayed.get() > 0);
    assertKeptWarm(node);
    assertKeptWarm(other);
    shop.assertStillCoherent(node, other);
    shop.assertStillCoherent(other, node);
  }

  @Tag("G3.21")
  @ParameterizedTest
  @EnumSource
  void aConnectionCutAgainAndAgain_clearsNothing(Client client) {
    ShopNode node = node(client, "node");
    node.write(1, 1);
    shop.readAll(node);

    for (int round = 0; round < 5; round++) {
      int subscribed = node.observer.subscribed.get();
      network.cut(connection -> true);
      await().atMost(PATIENCE).until(() -> node.observer.subscribed.get() > subscribed);
    }

    assertThat(node.holds(1L)).isTrue();
    shop.assertStillCoherent(other(), node);
    assertKeptWarm(node);
  }
}
