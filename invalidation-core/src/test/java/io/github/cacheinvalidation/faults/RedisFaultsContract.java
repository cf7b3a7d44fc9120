package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.internal.cache.CacheSettings;
import io.github.cacheinvalidation.internal.node.NodeBuilder;
import io.github.cacheinvalidation.testing.junit.LeftThreads;
import io.github.cacheinvalidation.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** What nodes do when a real server, or the way to it, fails. */
@Tag("G3")
abstract class RedisFaultsContract {

  private static final Duration HOUR = Duration.ofHours(1);

  private final String channel = "faults-" + UUID.randomUUID();

  private final Map<Long, Integer> database = new ConcurrentHashMap<>();

  private final List<ShopNode> nodes = new ArrayList<>();

  private final TestRedis redis = TestRedis.stopped();

  abstract RedisConnectionFactory factory(TestRedis redis);

  @AfterEach
  void closeAll() {
    nodes.forEach(ShopNode::close);
    redis.close();
  }

  private ShopNode node(String name) {
    return node(name, builder -> {});
  }

  private ShopNode node(String name, Consumer<NodeBuilder> customizer) {
    ShopNode node = new ShopNode(factory(redis), channel, name, database, customizer);
    nodes.add(node);
    return node;
  }

  private ShopNode patientNode(String name) {
    return node(name, ShopNode.bounds(HOUR, HOUR));
  }

  private String log() {
    return "{" + channel + "}:log";
  }

  private void fill(int products) {
    for (long key = 0; key < products; key++) {
      database.put(key, 0);
    }
  }

  private void readAll(ShopNode node) {
    database.keySet().forEach(node::read);
  }

  /** Writes every product once more, and waits until the others see it. */
  private void assertStillCoherent(ShopNode writer, ShopNode... readers) {
    for (ShopNode reader : readers) {
      readAll(reader);
    }
    database.forEach((key, value) -> writer.write(key, value + 1));
    for (ShopNode reader : readers) {
      reader.awaitCoherent();
    }
  }

  @Test
  void aSubscriberKilledUnderLoad_isHealedByReplayAndClearsNothing() throws InterruptedException {
    redis.start();
    ShopNode writer = node("writer").join();
    ShopNode reader = node("reader").join();
    fill(100);
    AtomicBoolean writing = new AtomicBoolean(true);
    AtomicInteger rounds = new AtomicInteger();
    Thread load =
        new Thread(
            () -> {
              while (writing.get()) {
                int round = rounds.incrementAndGet();
                database.keySet().forEach(key -> writer.write(key, round));
                readAll(reader);
                await().atMost(PATIENCE).until(() -> writer.node().pendingKeys() == 0);
              }
            });
    load.start();

    for (int kill = 0; kill < 5; kill++) {
      int subscribed = reader.observer.subscribed.get();
      reader.channel().failSubscriptions(Integer.MAX_VALUE);
      assertThat(redis.killClients(reader.clientName, "P")).isEqualTo(1);
      int round = rounds.get();
      await().atMost(PATIENCE).until(() -> rounds.get() > round + 1);
      reader.channel().failSubscriptions(0);
      await().atMost(PATIENCE).until(() -> reader.observer.subscribed.get() > subscribed);
    }
    writing.set(false);
    load.join();

    reader.awaitCoherent();
    assertThat(reader.observer.clearsForLoss()).isEmpty();
    assertThat(writer.observer.clearsForLoss()).isEmpty();
    assertThat(reader.observer.replayed.get()).isPositive();
  }

  @Test
  void aSubscriberKilledAgainAndAgainWithoutTraffic_clearsNothing() {
    redis.start();
    ShopNode reader = node("reader").join();
    fill(3);
    readAll(reader);

    for (int i = 0; i < 8; i++) {
      int subscribed = reader.observer.subscribed.get();
      redis.killClients(reader.clientName, "P");
      await().atMost(PATIENCE).until(() -> reader.observer.subscribed.get() > subscribed);
    }

    assertThat(reader.observer.clearsForLoss()).isEmpty();
    assertThat(reader.holds(1L)).isTrue();
    assertStillCoherent(node("writer").join(), reader);
  }

  @Test
  void aServerRestartedEmpty_isASuspicionAndAllConverge() {
    redis.start();
    ShopNode writer = node("writer").join();
    ShopNode reader = node("reader").join();
    fill(20);
    readAll(reader);

    redis.stop();
    database.keySet().forEach(key -> writer.write(key, 7));
    await().atMost(PATIENCE).until(() -> writer.observer.publicationsFailed.get() > 0);
    assertThat(writer.read(1)).as("the writer goes on").isEqualTo(7);
    redis.start();

    reader.awaitCoherent();
    await().atMost(PATIENCE).until(() -> writer.node().pendingKeys() == 0);
    await()
        .atMost(PATIENCE)
        .until(() -> reader.observer.clearsForLoss().contains(ClearReason.SUSPECTED_LOSS));
    assertStillCoherent(writer, reader);
    assertStillCoherent(reader, writer);
  }

  /** The bound is so long that no clear can heal within the test. */
  @Test
  void aServerRestartedEmpty_isFollowedAtOnceHoweverLongTheBoundIs() {
    redis.start();
    ShopNode writer = patientNode("writer").join();
    ShopNode reader = patientNode("reader").join();
    fill(20);
    readAll(reader);

    redis.stop();
    redis.start();
    database.keySet().forEach(key -> writer.write(key, 7));
    reader.awaitCoherent();
    reader.channel().deafen();
    database.keySet().forEach(key -> writer.write(key, 8));
    await().atMost(PATIENCE).until(() -> writer.node().pendingKeys() == 0);
    reader.channel().heal();

    reader.awaitCoherent();
    assertThat(reader.observer.clears()).isSubsetOf(ClearReason.JOINED);
  }

  @Test
  void aSuspicion_clearsACacheOfAShortBoundOnce_andOthersLater() {
    redis.start();
    ShopNode reader =
        node(
                "reader",
                builder ->
                    builder.caches(
                        cache ->
                            CacheSettings.ofSpec(
                                "",
                                cache.equals(ShopNode.CACHE) ? HOUR : Duration.ofSeconds(1),
                                false)))
            .join();
    fill(3);
    readAll(reader);
    Cache shortLived = requireNonNull(reader.node().cacheManager().getCache("short"));
    shortLived.put("key", "value");
    reader.observer.clears().clear();

    reader.channel().moveTo("another");
    await().atMost(PATIENCE).until(() -> !reader.observer.clears().isEmpty());
    shortLived.put("key", "value");
    int checked = reader.observer.checked.get();
    await("more checks than its bound has")
        .atMost(PATIENCE)
        .until(() -> reader.observer.checked.get() > checked + 15);

    assertThat(reader.observer.clears()).containsExactly(ClearReason.SUSPECTED_LOSS);
    assertThat(shortLived.get("key")).isNotNull();
    assertThat(reader.holds(1L)).isTrue();
  }

  @Test
  void flushall_isASuspicionAndAllConverge() {
    assertLogLost("FLUSHALL");
  }

  @Test
  void aDeletedLog_isASuspicionAndAllConverge() {
    assertLogLost("DEL", log());
  }

  private void assertLogLost(String... command) {
    redis.start();
    ShopNode writer = node("writer").join();
    ShopNode reader = node("reader").join();
    fill(20);
    readAll(reader);
    reader.channel().deafen();
    writer.write(1, 5);
    await().atMost(PATIENCE).until(() -> writer.node().pendingKeys() == 0);

    redis.command(command);
    reader.channel().heal();
    writer.write(2, 6);

    reader.awaitCoherent();
    await().atMost(PATIENCE).until(() -> !reader.observer.clearsForLoss().isEmpty());
    assertThat(reader.observer.clearsForLoss()).containsOnly(ClearReason.SUSPECTED_LOSS);
    assertStillCoherent(writer, reader);
  }

  @Test
  void aLogTrimmedPastANode_isAKnownLoss() {
    redis.start();
    ShopNode writer = node("writer").join();
    ShopNode reader = node("reader").join();
    fill(50);
    readAll(reader);
    reader.channel().deafen();
    reader.channel().failReads(Integer.MAX_VALUE);
    database.keySet().forEach(key -> writer.write(key, 9));
    await().atMost(PATIENCE).until(() -> writer.node().pendingKeys() == 0);
    writer.write(0, 10);
    await().atMost(PATIENCE).until(() -> writer.node().pendingKeys() == 0);

    redis.command("XTRIM", log(), "MAXLEN", "1");
    reader.channel().heal();

    reader.awaitCoherent();
    await().atMost(PATIENCE).until(() -> !reader.observer.clearsForLoss().isEmpty());
    assertThat(reader.observer.clearsForLoss()).containsOnly(ClearReason.LOST_MESSAGES);
    assertStillCoherent(writer, reader);
  }

  @Test
  void aDeafSubscription_isHealedByReplay() {
    redis.start();
    ShopNode writer = node("writer").join();
    ShopNode reader = node("reader").join();
    fill(50);
    readAll(reader);
    reader.channel().deafen();

    database.keySet().forEach(key -> writer.write(key, 9));

    reader.awaitCoherent();
    assertThat(reader.observer.clearsForLoss()).isEmpty();
    assertThat(reader.observer.replayed.get()).isPositive();
  }

  @Test
  void anotherServerIdentity_isASuspicion() {
    redis.start();
    ShopNode reader = node("reader").join();
    fill(3);
    readAll(reader);

    reader.channel().moveTo("another");

    await().atMost(PATIENCE).until(() -> !reader.observer.clearsForLoss().isEmpty());
    assertThat(reader.observer.clearsForLoss()).containsExactly(ClearReason.SUSPECTED_LOSS);
    assertStillCoherent(node("writer").join(), reader);
    assertThat(reader.observer.clearsForLoss()).hasSize(1);
  }

  @Test
  void nodesStartedWithoutAServer_workAndJoinWhenItComes() {
    fill(5);
    ShopNode writer = node("writer").start();
    ShopNode reader = node("reader").start();
    readAll(reader);
    writer.write(1, 4);
    await().atMost(PATIENCE).until(() -> writer.observer.publicationsFailed.get() > 0);
    assertThat(reader.observer.joined).hasValue(0);

    redis.start();

    await().atMost(PATIENCE).until(() -> reader.observer.joined.get() == 1);
    await().atMost(PATIENCE).until(() -> writer.observer.joined.get() == 1);
    await().atMost(PATIENCE).until(() -> writer.node().pendingKeys() == 0);
    reader.awaitCoherent();
    assertStillCoherent(writer, reader);
  }

  /** Subscribing fails until the loads and the write between tip and subscription are done. */
  @Test
  void whatWasLoadedOnceTheTipWasRead_isKeptByTheJoin_andWhatWasWrittenSinceIsReplayed() {
    redis.start();
    ShopNode writer = node("writer").join();
    fill(20);
    ShopNode reader = patientNode("reader");
    reader.failSubscriptionsOfNextStart();
    reader.start();
    await("the first answer was dealt with")
        .atMost(PATIENCE)
        .until(() -> reader.observer.checked.get() > 1);
    readAll(reader);
    writer.write(3, 9);
    await().atMost(PATIENCE).until(() -> writer.node().pendingKeys() == 0);
    assertThat(reader.observer.joined).hasValue(0);

    reader.channel().failSubscriptions(0);

    await().atMost(PATIENCE).until(() -> reader.observer.joined.get() == 1);
    assertThat(reader.read(3)).isEqualTo(9);
    assertThat(reader.holds(1L)).as("loaded before it was subscribed").isTrue();
    assertThat(reader.observer.clears()).isSubsetOf(ClearReason.JOINED);
  }

  @Test
  void tenStartsAndStops_leaveNothingBehind() {
    Set<Thread> before = LeftThreads.ofNodes();
    redis.start();
    fill(3);
    ShopNode node = node("restarting");
    for (int i = 0; i < 10; i++) {
      node.join();
      node.write(1, i);
      node.close();
    }

    redis.awaitNoClientNamed(node.clientName);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(LeftThreads.ofNodesSince(before)).isEmpty());
    assertThat(redis.command("DBSIZE")).isEqualTo("1");
    assertThat(Long.parseLong(redis.command("TTL", log()).toString())).isPositive();
    assertThat(node.observer.joined).hasValue(10);
  }

  @Test
  void hostileMessages_neverStopTheListenerAndClearNothing() {
    redis.start();
    ShopNode reader = node("reader").join();
    fill(5);
    readAll(reader);
    List<String> hostile =
        List.of(
            "",
            "no JSON",
            "{",
            "[".repeat(100_000),
            "{\"a\":".repeat(50_000),
            "{\"v\":1,\"body\":1,\"caches\":{\"products\":7}}",
            "{\"v\":2,\"caches\":{\"products\":\"*\"}}",
            "{\"pos\":\"9-9/x\",\"prev\":\"8-8/x\"}",
            "{\"pos\":\"9-9/x\",\"prev\":\"\"}",
            "{\"pos\":7,\"prev\":[]}",
            "{\"cache\":\"" + "x".repeat(2 << 20) + "\"}",
            "{\"cache\":\"products\",\"key\":" + "9".repeat(10_000) + "}",
            "{\"cache\":null}",
            "{\"v\":1,\"from\":\"n/1\",\"body\":1,\"caches\":{\"other\":[{\"record\":[\"java.lang"
                + ".Runtime\",[]]}]}}",
            "\u0000\uFFFF");
    for (int round = 0; round < 3; round++) {
      hostile.forEach(message -> redis.command("PUBLISH", channel, message));
    }
    redis.command("PUBLISH", channel, "{\"cache\":\"products\",\"key\":4}");

    await().atMost(PATIENCE).until(() -> !reader.holds(4L));

    assertThat(reader.observer.unreadable.get()).isGreaterThan(20);
    assertThat(reader.holds(1L)).isTrue();
    assertThat(reader.observer.clears()).doesNotContain(ClearReason.INVALIDATED);
    assertStillCoherent(node("writer").join(), reader);
    assertThat(reader.observer.clearsForLoss()).isEmpty();
    assertThat(reader.observer.lost).hasValue(0);
  }

  @Test
  void openForms_evict() {
    redis.start();
    ShopNode reader = node("reader").join();
    fill(10);

    for (String message :
        List.of(
            "{\"cache\":\"products\",\"key\":7}",
            "{\"cache\":\"products\",\"key\":\"7\"}",
            "{\"cache\":\"products\",\"keys\":[7,8]}",
            "{\"cache\":\"products\"}",
            "{\"cache\":\"*\"}",
            "{\"key\":\"products:7\"}")) {
      readAll(reader);
      boolean everything = !message.contains("key");
      redis.command("PUBLISH", channel, message);

      await(message).atMost(PATIENCE).until(() -> !reader.holds(7L));
      assertThat(reader.holds(1L)).as(message).isEqualTo(!everything);
    }
  }

  @Test
  void aMessageForAnUnknownCache_createsNothing() {
    redis.start();
    ShopNode reader = node("reader").join();
    fill(8);
    readAll(reader);

    redis.command("PUBLISH", channel, "{\"cache\":\"unknown\",\"key\":7}");
    redis.command("PUBLISH", channel, "{\"cache\":\"unknown\"}");
    redis.command("PUBLISH", channel, "{\"key\":\"unknown:7\"}");
    redis.command("PUBLISH", channel, "{\"cache\":\"products\",\"key\":7}");

    await().atMost(PATIENCE).until(() -> !reader.holds(7L));
    assertThat(reader.node().cacheManager().getCacheNames()).containsExactly(ShopNode.CACHE);
  }
}
