package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.PublicationRefusedException;
import io.github.cacheinvalidation.testing.TestRedis;
import io.github.cacheinvalidation.testing.junit.LogLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that takes no entry into the log, but publishes. */
@Tag("G5")
class UnusableLogTest {

  private static final Duration LONG = Duration.ofMinutes(5);

  private static final String HIGHEST_ID = "18446744073709551615-18446744073709551615";

  @RegisterExtension final Shop shop = new Shop();

  @TempDir Path directory;

  private static Stream<Arguments> reasonsAndClients() {
    return Arrays.stream(Reason.values())
        .flatMap(
            reason -> Arrays.stream(Client.values()).map(client -> Arguments.of(reason, client)));
  }

  private ShopNode node(String name, TestRedis redis, Client client) {
    ShopNode node = shop.node(name, client.of(redis), ShopNode.bounds(ShopNode.BOUND, LONG)).join();
    shop.fill(20);
    shop.readAll(node);
    return node;
  }

  @Tag("G5.12")
  @ParameterizedTest
  @MethodSource("reasonsAndClients")
  void refusedForAnotherReason_everyWriteGoesOutAtOnceAndStaysInTheOutbox(
      Reason reason, Client client) {
    TestRedis redis = shop.redis("dir " + directory);
    ShopNode writer = node("writer", redis, client);
    ShopNode reader = node("reader", redis, client);
    writer.write(0, 1);
    reader.awaitCoherent();
    Shop.awaitPublished(writer);
    reason.provoke(redis, shop.log(), directory);
    try {
      assertWritesGoOutAndStay(reason, writer, reader);
    } finally {
      reason.heal(redis, shop.log(), directory); // a server that cannot save does not stop either
    }

    Shop.awaitPublished(writer);
    shop.assertStillCoherent(writer, reader);
    shop.assertStillCoherent(reader, writer);
  }

  private void assertWritesGoOutAndStay(Reason reason, ShopNode writer, ShopNode reader) {
    for (long key = 0; key < 4; key++) {
      shop.readAll(reader);
      writer.write(key, 7);
      reader.awaitCoherent();
    }

    await().atMost(PATIENCE).until(() -> writer.node().pendingKeys() == 4);
    assertThat(writer.observer.lastFailure())
        .isInstanceOf(PublicationRefusedException.class)
        .hasMessageContaining(reason.code())
        .hasMessageContaining(reason.remedy());
    assertThat(((PublicationRefusedException) writer.observer.lastFailure()).isAnnounced())
        .isTrue();
  }

  @Tag("G5.13")
  @ParameterizedTest
  @EnumSource
  void aLogWithoutIdsLeft_isReplacedAtTheNextWrite_andThatIsSaidOnce(Client client) {
    TestRedis redis = shop.redis();
    ShopNode writer = node("writer", redis, client);
    ShopNode reader = node("reader", redis, client);
    ShopNode bounded =
        shop.node("bounded", client.of(redis), ShopNode.bounds(ShopNode.BOUND, ShopNode.BOUND))
            .join();
    shop.readAll(bounded);
    redis.command("XADD", shop.log(), HIGHEST_ID, "n", "", "m", "{}");

    try (LogLines log = LogLines.warnings()) {
      shop.assertStillCoherent(writer, reader);
      shop.assertStillCoherent(reader, writer);
      Shop.awaitPublished(writer);
      Shop.awaitPublished(reader);

      assertThat(log.containing(shop.log())).singleElement().asString().contains("begins anew");
    }
    assertThat(writer.observer.publicationsFailed).hasValue(0);
    assertThat(reader.observer.checksFailed).hasValue(0);
    assertThat(redis.command("XREVRANGE", shop.log(), "+", "-").toString())
        .doesNotContain(HIGHEST_ID);
    assertThat(redis.command("TTL", shop.log())).isNotEqualTo("-1");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(bounded.observer.clearsForLoss()).isNotEmpty());
  }

  @Tag("G5.13")
  @ParameterizedTest
  @EnumSource
  void anEmptyLogWithoutIdsLeft_isReplacedAtTheNextCheck_andThatIsSaidOnce(Client client) {
    TestRedis redis = shop.redis();
    redis.command("XADD", shop.log(), HIGHEST_ID, "n", "", "m", "{}");
    redis.command("XDEL", shop.log(), HIGHEST_ID);

    try (LogLines log = LogLines.warnings()) {
      ShopNode writer = node("writer", redis, client);
      ShopNode reader = node("reader", redis, client);
      shop.assertStillCoherent(writer, reader);

      assertThat(log.containing(shop.log())).hasSize(1);
      assertThat(reader.observer.checksFailed).hasValue(0);
    }
  }

  @Tag("G5.12")
  @ParameterizedTest
  @EnumSource
  void aKeyOfAnotherType_isLeftAlone(Client client) {
    TestRedis redis = shop.redis();
    redis.command("SET", shop.log(), "somebody else's");
    ShopNode node = shop.node("node", client.of(redis)).start();
    shop.fill(1);
    node.write(0, 1);

    await()
        .atMost(PATIENCE)
        .until(
            () ->
                node.observer.publicationsFailed.get() >= 3
                    && node.observer.checksFailed.get() >= 3);

    assertThat(redis.command("GET", shop.log())).isEqualTo("somebody else's");
    assertThat(redis.command("TTL", shop.log())).as("its lifetime").isEqualTo("-1");
  }

  /** Why a server takes no entry. */
  enum Reason {
    CANNOT_SAVE("MISCONF", "stop-writes-on-bgsave-error") {
      @Override
      void provoke(TestRedis redis, String log, Path directory) {
        inTheWay(directory, true);
        redis.command("CONFIG", "SET", "save", "3600 1000000");
        redis.command("BGSAVE");
        await()
            .atMost(PATIENCE)
            .until(() -> redis.infoOf("persistence", "rdb_last_bgsave_status").equals("err"));
      }

      @Override
      void heal(TestRedis redis, String log, Path directory) {
        redis.command("CONFIG", "SET", "save", "");
        inTheWay(directory, false);
      }
    },
    ANOTHER_TYPE("WRONGTYPE", "Rename or delete that key") {
      @Override
      void provoke(TestRedis redis, String log, Path directory) {
        redis.command("SET", log, "somebody else's");
      }

      @Override
      void heal(TestRedis redis, String log, Path directory) {
        redis.command("DEL", log);
      }
    },
    REPLICA("READONLY", "let spring.data.redis.* name the master") {
      @Override
      void provoke(TestRedis redis, String log, Path directory) {
        redis.command("REPLICAOF", redis.host(), "1");
      }

      @Override
      void heal(TestRedis redis, String log, Path directory) {
        redis.command("REPLICAOF", "NO", "ONE");
      }
    },
    TOO_FEW_REPLICAS("NOREPLICAS", "min-replicas-to-write. Connect replicas") {
      @Override
      void provoke(TestRedis redis, String log, Path directory) {
        redis.command("CONFIG", "SET", "min-replicas-to-write", "1");
      }

      @Override
      void heal(TestRedis redis, String log, Path directory) {
        redis.command("CONFIG", "SET", "min-replicas-to-write", "0");
      }
    };

    private final String code;

    private final String remedy;

    Reason(String code, String remedy) {
      this.code = code;
      this.remedy = remedy;
    }

    String code() {
      return code;
    }

    String remedy() {
      return remedy;
    }

    abstract void provoke(TestRedis redis, String log, Path directory);

    abstract void heal(TestRedis redis, String log, Path directory);

    /** A folder with the name of the file into which the server saves. */
    private static void inTheWay(Path directory, boolean present) {
      try {
        Path folder = directory.resolve("dump.rdb");
        if (present) {
          Files.createDirectory(folder);
        } else {
          Files.delete(folder);
        }
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }
}
