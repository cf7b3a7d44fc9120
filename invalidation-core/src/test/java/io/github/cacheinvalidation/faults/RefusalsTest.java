package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.NodeStatus.Impairment;
import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that answers, and says no. The bound of the reader's cache is long. */
@Tag("G5")
class RefusalsTest {

  private static final Duration LONG = Duration.ofMinutes(5);

  /** Between two attempts lies half the longest pause at least; the first ones come closer. */
  private static final long SHORTEST_PAUSE_NANOS = 250_000_000;

  private static final int EARLY_ATTEMPTS = 8;

  @RegisterExtension final Shop shop = new Shop();

  private final TestRedis redis = shop.redis();

  @BeforeEach
  void createUsers() {
    for (String user : List.of("writer", "reader")) {
      redis.command("ACL", "SETUSER", user, "on", ">secret", "~*", "&*", "+@all");
    }
  }

  private ShopNode node(String user) {
    return node(Client.LETTUCE, user);
  }

  private ShopNode node(Client client, String user) {
    ShopNode node =
        shop.node(user, client.of(redis, user), ShopNode.bounds(ShopNode.BOUND, LONG)).join();
    shop.fill(20);
    shop.readAll(node);
    return node;
  }

  private void change(String user, String... rules) {
    String[] command = new String[3 + rules.length];
    command[0] = "ACL";
    command[1] = "SETUSER";
    command[2] = user;
    System.arraycopy(rules, 0, command, 3, rules.length);
    redis.command(command);
  }

  /** However often it was tried, it was not tried in a storm. */
  private static void assertNoStorm(int attempts, long sinceNanos) {
    long most = (System.nanoTime() - sinceNanos) / SHORTEST_PAUSE_NANOS + EARLY_ATTEMPTS;
    assertThat((long) attempts).isLessThanOrEqualTo(most);
  }

  private static void assertNothingLost(ShopNode node) {
    assertThat(node.observer.clears()).isSubsetOf(ClearReason.JOINED);
  }

  @Tag("G5.11")
  @ParameterizedTest
  @ValueSource(strings = {"resetkeys", "-evalsha -eval", "-xadd"})
  void refusedForTheLog_everyWriteGoesOutAtOnceAndStaysInTheOutbox(String rules) {
    ShopNode writer = node("writer");
    ShopNode reader = node("reader");
    change("writer", rules.split(" "));
    long start = System.nanoTime();

    for (long key = 0; key < 4; key++) {
      shop.readAll(reader);
      writer.write(key, 7);
      reader.awaitCoherent();
    }

    await().atMost(PATIENCE).until(() -> writer.node().pendingKeys() == 4);
    assertThat(writer.node().status().impairments()).contains(Impairment.REFUSALS);
    assertThat(writer.observer.lastFailure())
        .isInstanceOf(PublicationRefusedException.class)
        .hasMessageContaining("was refused by Redis")
        .hasMessageContaining("ACL SETUSER <user> ~" + shop.log());
    assertNoStorm(writer.channel().publications() - 4, start);

    change("writer", "~*", "+@all");
    Shop.awaitPublished(writer);
    shop.assertStillCoherent(writer, reader);
    shop.assertStillCoherent(reader, writer);
    assertNothingLost(reader);
  }

  @Tag("G5.15")
  @Test
  void refusedForTheChannel_staysInTheOutboxAndLeavesNothingInTheLog() {
    ShopNode writer = node("writer");
    ShopNode reader = node("reader");
    Object before = redis.command("XLEN", shop.log());
    change("writer", "resetchannels");
    long start = System.nanoTime();

    shop.writeAll(writer);
    await().atMost(PATIENCE).until(() -> writer.observer.publicationsFailed.get() >= 3);

    assertThat(writer.node().pendingKeys()).isEqualTo(20);
    assertThat(redis.command("XLEN", shop.log())).isEqualTo(before);
    assertThat(writer.observer.lastFailure())
        .isInstanceOf(PublicationRefusedException.class)
        .hasMessageContaining("&" + shop.channel);
    assertNoStorm(writer.channel().publications(), start);

    change("writer", "&*");
    reader.awaitCoherent();
    Shop.awaitPublished(writer);
    shop.assertStillCoherent(writer, reader);
    assertNothingLost(reader);
  }

  @Tag("G5.16")
  @Test
  void fullMemory_refusesNothing() {
    ShopNode writer = node("writer");
    ShopNode reader = node("reader");
    redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
    redis.command("CONFIG", "SET", "maxmemory", "1");
    assertThatThrownBy(() -> redis.command("SET", "other", "value")).hasMessageContaining("OOM");

    shop.assertStillCoherent(writer, reader);
    redis.command("SCRIPT", "FLUSH");
    shop.assertStillCoherent(writer, reader);
    redis.command("DEL", shop.log());
    shop.assertStillCoherent(writer, reader);

    Shop.awaitPublished(writer);
    assertThat(writer.observer.publicationsFailed).hasValue(0);
    assertThat(reader.observer.checksFailed).hasValue(0);
  }

  @Tag("G5.17")
  @ParameterizedTest
  @EnumSource
  void aDemotedMaster_acceptsNothingAndIsTriedAgain(Client client) {
    ShopNode writer = node(client, "writer");
    ShopNode reader = node(client, "reader");
    redis.command("REPLICAOF", redis.host(), "1");
    long start = System.nanoTime();

    shop.writeAll(writer);
    await().atMost(PATIENCE).until(() -> writer.observer.publicationsFailed.get() >= 3);

    assertThat(writer.node().pendingKeys()).isEqualTo(20);
    assertThat(writer.observer.lastFailure()).hasMessageContaining("READONLY");
    assertNoStorm(writer.channel().publications(), start);
    await().atMost(PATIENCE).until(() -> reader.observer.checksFailed.get() > 0);

    redis.command("REPLICAOF", "NO", "ONE");
    reader.awaitCoherent();
    Shop.awaitPublished(writer);
    shop.assertStillCoherent(writer, reader);
  }

  @Tag("G5.17")
  @Test
  void anIsolatedMaster_acceptsNothingAndIsTriedAgain() {
    ShopNode writer = node("writer");
    ShopNode reader = node("reader");
    redis.command("CONFIG", "SET", "min-replicas-to-write", "1");

    shop.writeAll(writer);
    await().atMost(PATIENCE).until(() -> writer.observer.publicationsFailed.get() >= 3);
    await().atMost(PATIENCE).until(() -> reader.observer.checksFailed.get() > 0);
    assertThat(writer.observer.lastFailure()).hasMessageContaining("NOREPLICAS");

    redis.command("CONFIG", "SET", "min-replicas-to-write", "0");
    reader.awaitCoherent();
    Shop.awaitPublished(writer);
    assertNothingLost(reader);
  }

  @Tag("G3.23")
  @ParameterizedTest
  @EnumSource
  @Tag("G3")
  void aRefusedSubscription_readsTheLogAtEachCheckAndIsHealedWhenAllowed(Client client) {
    ShopNode reader = node(client, "reader");
    ShopNode writer = node("writer");
    long start = System.nanoTime();
    change("reader", "resetchannels");
    await().atMost(PATIENCE).until(() -> reader.observer.lost.get() >= 3);
    assertThat(reader.observer.lastLoss())
        .hasMessageContaining("NOPERM")
        .hasMessageContaining("&" + shop.channel);

    int subscribed = reader.observer.subscribed.get();
    shop.assertStillCoherent(writer, reader);
    shop.assertStillCoherent(writer, reader);

    assertThat(reader.observer.subscribed).as("still deaf").hasValue(subscribed);
    assertThat(reader.observer.replayed).hasPositiveValue();
    assertNoStorm(reader.observer.lost.get(), start);
    change("reader", "&*");
    await().atMost(PATIENCE).until(() -> reader.observer.subscribed.get() > subscribed);
    shop.assertStillCoherent(writer, reader);
    assertNothingLost(reader);
  }

  @Tag("G4.9")
  @Test
  @Tag("G4")
  void aNodeThatMayNeitherHearNorRead_keepsTheBound() {
    Duration bound = Duration.ofSeconds(1);
    ShopNode writer = node("writer");
    ShopNode reader =
        shop.node("reader", Client.JEDIS.of(redis, "reader"), ShopNode.bounds(bound, bound)).join();
    shop.readAll(reader);
    change("reader", "resetchannels", "-xrange");
    await().atMost(PATIENCE).until(() -> reader.observer.lost.get() >= 2);
    BoundWatch watch = shop.watch(reader, bound);

    for (int round = 1; round <= 2; round++) {
      shop.writeAll(writer);
      Shop.awaitPublished(writer);
      shop.database.forEach(watch::changed);
      reader.awaitCoherent();
    }

    watch.assertKept();
    change("reader", "&*", "+@all");
    shop.assertStillCoherent(writer, reader);
  }
}
