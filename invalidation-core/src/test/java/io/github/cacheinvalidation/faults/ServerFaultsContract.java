package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.internal.cache.CacheSettings;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;

/** How nodes react to a server that is missing, is another one, or has lost its log. */
@Tag("G3")
abstract class ServerFaultsContract extends RedisFaultsFixture {

  @Tag("G3.3")
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
  @Tag("G3.4")
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

  @Tag("G3.5")
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

  @Tag("G3.3")
  @Test
  void flushall_isASuspicionAndAllConverge() {
    assertLogLost("FLUSHALL");
  }

  @Tag("G3.3")
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

  @Tag("G3.8")
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

  @Tag("G3.9")
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

  @Tag("G8.1")
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
}
