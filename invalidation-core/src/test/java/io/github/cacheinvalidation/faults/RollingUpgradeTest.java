package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.ClearReason;
import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.Publication;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.springdata.SpringDataChannel;
import io.github.cacheinvalidation.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.cache.Cache;

/** A node of this release among nodes of other versions, over each transport. */
@Tag("G7")
@ParameterizedClass
@EnumSource
class RollingUpgradeTest {

  private static final int MESSAGES = 1_000;

  private final TestRedis redis = TestRedis.started();

  private final Map<Long, Integer> database = new ConcurrentHashMap<>();

  private final ShopNode old;

  private final Channel newer;

  RollingUpgradeTest(FeedKind feed) {
    old = new ShopNode(redis.lettuce(), "upgrade", "old", database, feed, builder -> {});
    newer =
        SpringDataChannel.open(
            redis.lettuce(),
            new RedisChannelSettings(
                    "upgrade", "newer", 10_000, 16_000_000, List.of(), Duration.ofMillis(500))
                .withFeed(feed));
  }

  @BeforeEach
  void join() {
    database.put(1L, 0);
    old.join();
  }

  @AfterEach
  void close() {
    old.close();
    newer.close();
    redis.close();
  }

  private void publish(int number, String caches) {
    String body = "{\"v\":1,\"from\":\"newer/1\",\"body\":2,\"caches\":{" + caches + "}}";
    newer.log().append(new Publication("n" + number, body.getBytes(StandardCharsets.UTF_8)));
  }

  private Cache orders() {
    return requireNonNull(old.node().cacheManager().getCache("orders"));
  }

  private long clears(ClearReason reason) {
    return old.observer.clears().stream().filter(reason::equals).count();
  }

  @Tag("G7.17")
  @Test
  void aStormOfNewerMessages_clearsTheNamedCacheOnceEach_andTheChainGoesOn()
      throws InterruptedException {
    orders().get(1L, () -> "kept");
    AtomicBoolean reading = new AtomicBoolean(true);
    AtomicInteger loads = new AtomicInteger();
    Thread reader =
        new Thread(
            () -> {
              while (reading.get()) {
                old.cache().get(1L, loads::incrementAndGet);
              }
            });
    reader.start();

    for (int i = 0; i < MESSAGES; i++) {
      publish(i, "\"products\":{\"of another form\":" + i + "},\"elsewhere\":7");
    }
    await().atMost(PATIENCE).until(() -> clears(ClearReason.NEWER_FORMAT) >= MESSAGES);
    reading.set(false);
    reader.join();

    assertThat(clears(ClearReason.NEWER_FORMAT)).isEqualTo(MESSAGES);
    assertThat(loads.get()).isLessThanOrEqualTo(MESSAGES + 1);
    assertThat(orders().get(1L)).as("an order").isNotNull();
    assertThat(old.observer.clearsForLoss()).isEmpty();
    assertThat(old.observer.unreadable).hasValue(0);
    assertThat(old.node().cacheManager().getCacheNames()).containsExactly("orders", "products");
    assertFollowsTheChain();
  }

  private void assertFollowsTheChain() {
    int replayed = old.observer.replayed.get();
    old.read(1);
    newer
        .log()
        .append(
            new Publication(
                "last",
                "{\"v\":1,\"from\":\"newer/1\",\"body\":1,\"caches\":{\"products\":[1]}}"
                    .getBytes(StandardCharsets.UTF_8)));
    await().atMost(PATIENCE).until(() -> !old.holds(1L));
    assertThat(old.observer.replayed).as("messages read from the log").hasValue(replayed);
    assertThat(orders().get(1L)).as("an order").isNotNull();
  }
}
