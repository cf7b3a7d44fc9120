package io.github.cacheinvalidation.faults;

import static io.github.cacheinvalidation.faults.ShopNode.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import redis.clients.jedis.Jedis;

/** A message of 100 MB on the channel. */
@Tag("G7")
class OversizedMessageTest {

  private static final byte[] CHANNEL = "oversized".getBytes(StandardCharsets.UTF_8);

  private final Map<Long, Integer> database = new ConcurrentHashMap<>(Map.of(1L, 0, 2L, 0));

  private static Stream<Named<Function<TestRedis, RedisConnectionFactory>>> clients() {
    return Stream.of(Named.of("lettuce", TestRedis::lettuce), Named.of("jedis", TestRedis::jedis));
  }

  @Tag("G7.16")
  @ParameterizedTest
  @MethodSource("clients")
  void aMessageThatTheServerDelivers_isRefusedAndTheListenerGoesOn(
      Function<TestRedis, RedisConnectionFactory> client) {
    try (TestRedis redis = TestRedis.started("client-output-buffer-limit pubsub 0 0 0");
        ShopNode reader = node(client.apply(redis)).join()) {
      publishMuch(redis);

      await().atMost(PATIENCE).until(() -> reader.observer.unreadable.get() == 1);
      assertThat(reader.observer.lost).as("lost subscriptions").hasValue(0);
      assertStillListening(redis, reader);
    }
  }

  @ParameterizedTest
  @MethodSource("clients")
  void aMessageForWhichTheServerCutsSubscribersOff_clearsNothing(
      Function<TestRedis, RedisConnectionFactory> client) {
    try (TestRedis redis = TestRedis.started();
        ShopNode reader = node(client.apply(redis)).join()) {
      publishMuch(redis);

      await()
          .atMost(PATIENCE)
          .until(
              () -> reader.observer.unreadable.get() == 1 || reader.observer.subscribed.get() == 2);
      assertStillListening(redis, reader);
    }
  }

  private ShopNode node(RedisConnectionFactory factory) {
    return new ShopNode(factory, new String(CHANNEL, StandardCharsets.UTF_8), "reader", database);
  }

  private static void publishMuch(TestRedis redis) {
    byte[] start = "{\"cache\":\"products\",\"keys\":[7".getBytes(StandardCharsets.UTF_8);
    byte[] message = new byte[100_000_000];
    System.arraycopy(start, 0, message, 0, start.length);
    try (Jedis jedis = new Jedis(redis.host(), redis.port(), 20_000)) {
      jedis.publish(CHANNEL, message);
    }
  }

  private static void assertStillListening(TestRedis redis, ShopNode reader) {
    reader.read(1);
    reader.read(2);
    redis.command("PUBLISH", "oversized", "{\"cache\":\"products\",\"key\":1}");
    await().atMost(PATIENCE).until(() -> !reader.holds(1L));
    assertThat(reader.holds(2L)).isTrue();
    assertThat(reader.observer.clearsForLoss()).isEmpty();
  }
}
