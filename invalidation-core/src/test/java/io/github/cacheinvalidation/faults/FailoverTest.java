package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.testing.TcpProxy;
import io.github.cacheinvalidation.testing.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that lost messages which they or another server had accepted. Only the clear after the
 * suspicion makes the nodes coherent again. The bound is so long that it does not pass while a test
 * keeps a node cut off.
 */
@Tag("G3")
class FailoverTest {

  private static final Duration LONG = Duration.ofSeconds(10);

  private static final String DEAD_PORT = "1";

  @RegisterExtension final Shop shop = new Shop();

  private ShopNode node(String name, TestRedis redis, TcpProxy network) {
    return shop.node(name, Client.LETTUCE.of(redis, network), ShopNode.bounds(LONG, LONG)).join();
  }

  private static void follow(TestRedis replica, TestRedis master) {
    replica.command("REPLICAOF", master.host(), String.valueOf(master.port()));
    await()
        .atMost(PATIENCE)
        .until(() -> replica.infoOf("replication", "master_link_status").equals("up"));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                replica
                    .infoOf("replication", "slave_repl_offset")
                    .equals(master.infoOf("replication", "master_repl_offset")));
  }

  /** The replica keeps its data and gets no new data. */
  private static void cutOffFromMaster(TestRedis replica) {
    replica.command("REPLICAOF", replica.host(), DEAD_PORT);
  }

  private static void promote(TestRedis replica) {
    replica.command("REPLICAOF", "NO", "ONE");
  }

  private static void awaitSuspicion(ShopNode node) {
    await()
        .atMost(PATIENCE)
        .until(() -> node.observer.clears().contains(ClearReason.SUSPECTED_LOSS));
    assertThat(node.observer.clears())
        .doesNotContain(ClearReason.LOST_MESSAGES, ClearReason.STALENESS_BOUND);
  }

  @Tag("G3.15")
  @Test
  void aReplicaWithoutTheLastMessages_isSuspectedByNodesWithAndWithoutTheMessages() {
    TestRedis master = shop.redis();
    TestRedis replica = shop.redis();
    follow(replica, master);
    TcpProxy network = shop.network(master);
    ShopNode writer = node("writer", master, network);
    ShopNode had = node("had", master, network);
    ShopNode hadNot = node("hadnot", master, network);
    shop.fill(20);
    shop.readAll(writer, had, hadNot);
    shop.writeAll(writer);
    had.awaitCoherent();
    hadNot.awaitCoherent();
    follow(replica, master);
    cutOffFromMaster(replica);
    hadNot.channel().cutOff();
    shop.writeAll(writer);
    had.awaitCoherent();
    Shop.awaitPublished(writer);
    assertThat(hadNot.read(1)).as("cut off").isEqualTo(1);

    master.stop();
    promote(replica);
    network.moveTo(replica);
    hadNot.channel().heal();

    hadNot.awaitCoherent();
    awaitSuspicion(hadNot);
    awaitSuspicion(had);
    awaitSuspicion(writer);
    shop.assertStillCoherent(writer, had, hadNot);
    shop.assertStillCoherent(hadNot, had, writer);
    assertThat(had.observer.clearsForLoss()).hasSize(1);
    assertThat(hadNot.observer.clearsForLoss()).hasSize(1);
  }

  @Tag("G4.10")
  @Test
  @Tag("G4")
  void aFailover_keepsTheBoundOfANodeThatMissedTheLastMessages() {
    Duration bound = Duration.ofSeconds(1);
    TestRedis master = shop.redis();
    TestRedis replica = shop.redis();
    follow(replica, master);
    TcpProxy network = shop.network(master);
    ShopNode writer = node("writer", master, network);
    ShopNode reader =
        shop.node("reader", Client.LETTUCE.of(master, network), ShopNode.bounds(bound, bound))
            .join();
    shop.fill(20);
    shop.readAll(reader);
    cutOffFromMaster(replica);
    reader.channel().cutOff();
    BoundWatch watch = shop.watch(reader, bound);
    shop.writeAll(writer);
    Shop.awaitPublished(writer);
    shop.database.forEach(watch::changed);

    master.stop();
    promote(replica);
    network.moveTo(replica);
    reader.channel().heal();

    reader.awaitCoherent();
    watch.assertKept();
  }

  @Tag("G3.16")
  @Test
  void aFailoverThereAndBack_isSuspectedAlthoughTheSameServerAnswers() {
    TestRedis first = shop.redis();
    TestRedis second = shop.redis();
    follow(second, first);
    TcpProxy network = shop.network(first);
    ShopNode writer = node("writer", first, network);
    ShopNode deaf = node("deaf", first, network);
    shop.fill(20);
    shop.readAll(deaf);
    deaf.channel().cutOff();

    promote(second);
    follow(first, second);
    network.moveTo(second);
    await().atMost(PATIENCE).until(() -> writer.observer.subscribed.get() > 1);
    cutOffFromMaster(first);
    shop.writeAll(writer);
    Shop.awaitPublished(writer);
    second.stop();
    promote(first);
    network.moveTo(first);
    deaf.channel().heal();

    deaf.awaitCoherent();
    awaitSuspicion(deaf);
    shop.assertStillCoherent(writer, deaf);
  }

  @Test
  void aServerThatHidesItsIdentity_isSuspectedAfterEachReconnect() {
    TestRedis master = shop.redis();
    TestRedis replica = shop.redis();
    follow(replica, master);
    master.command("ACL", "SETUSER", "default", "-info");
    replica.command("ACL", "SETUSER", "default", "-info");
    TcpProxy network = shop.network(master);
    ShopNode writer = node("writer", master, network);
    ShopNode reader = node("reader", master, network);
    shop.fill(20);
    shop.readAll(reader);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                master
                    .command("XREVRANGE", shop.log(), "+", "-")
                    .equals(replica.command("XREVRANGE", shop.log(), "+", "-")));
    cutOffFromMaster(replica);
    reader.channel().cutOff();
    shop.writeAll(writer);
    Shop.awaitPublished(writer);

    master.stop();
    promote(replica);
    network.moveTo(replica);
    reader.channel().heal();

    reader.awaitCoherent();
    awaitSuspicion(reader);
    shop.assertStillCoherent(writer, reader);
  }

  @Tag("G3.17")
  @Test
  void aServerRestartedWithAnOlderSnapshot_isSuspectedAndAllConverge(@TempDir Path directory) {
    TestRedis redis = shop.redis("dir " + directory, "dbfilename dump.rdb");
    TcpProxy network = shop.network(redis);
    ShopNode writer = node("writer", redis, network);
    ShopNode had = node("had", redis, network);
    ShopNode hadNot = node("hadnot", redis, network);
    shop.fill(20);
    shop.readAll(had, hadNot);
    shop.writeAll(writer);
    had.awaitCoherent();
    hadNot.awaitCoherent();
    redis.command("SAVE");
    Object saved = redis.command("XLEN", shop.log());
    hadNot.channel().cutOff();
    shop.writeAll(writer);
    Shop.awaitPublished(writer);
    had.awaitCoherent();

    redis.stop();
    redis.start();
    assertThat(redis.command("XLEN", shop.log())).as("back in time").isEqualTo(saved);
    hadNot.channel().heal();

    hadNot.awaitCoherent();
    awaitSuspicion(had);
    awaitSuspicion(hadNot);
    shop.assertStillCoherent(writer, had, hadNot);
    shop.assertStillCoherent(had, writer, hadNot);
  }

  @Tag("G3.18")
  @Test
  void aLogDeletedTwice_isSuspectedByANodeThatMissedTheMessagesBetween() {
    TestRedis redis = shop.redis();
    TcpProxy network = shop.network(redis);
    ShopNode writer = node("writer", redis, network);
    ShopNode reader = node("reader", redis, network);
    shop.fill(20);
    shop.readAll(reader);
    reader.channel().cutOff();

    redis.command("DEL", shop.log());
    shop.writeAll(writer);
    Shop.awaitPublished(writer);
    redis.command("DEL", shop.log());
    reader.channel().heal();

    reader.awaitCoherent();
    awaitSuspicion(reader);
    shop.assertStillCoherent(writer, reader);
  }

  @Tag("G5.18")
  @Test
  @Tag("G5")
  void aServerWithoutTheScripts_isTaughtThemAgain() {
    TestRedis redis = shop.redis();
    TestRedis other = shop.redis();
    TcpProxy network = shop.network(redis);
    ShopNode writer = node("writer", redis, network);
    ShopNode reader = node("reader", redis, network);
    shop.fill(20);
    shop.readAll(reader);
    shop.writeAll(writer);
    reader.awaitCoherent();

    redis.command("SCRIPT", "FLUSH");
    shop.assertStillCoherent(writer, reader);
    assertThat(writer.observer.publicationsFailed).hasValue(0);
    assertThat(reader.observer.checksFailed).hasValue(0);
    assertThat(reader.observer.clearsForLoss()).isEmpty();

    network.moveTo(other);
    shop.assertStillCoherent(writer, reader);
  }
}
