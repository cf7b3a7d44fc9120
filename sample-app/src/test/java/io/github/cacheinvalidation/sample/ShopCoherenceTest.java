package io.github.cacheinvalidation.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The effect of a write on one node on the caches of the other nodes. */
class ShopCoherenceTest {

  private static final int FIRST = FreePorts.firstOf(5);
  private static final int SECOND = FIRST + 1;
  private static final int THIRD = FIRST + 2;
  private static final int[] NODES = {FIRST, SECOND, THIRD};
  private static final int REDIS = FIRST + 3;
  private static final int CONTROL = FIRST + 4;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Shop shop =
      Shop.configure(
          "--shop.first-port=" + FIRST,
          "--shop.redis-port=" + REDIS,
          "--shop.control-port=" + CONTROL);

  private final ShopClient client = new ShopClient();

  @BeforeAll
  static void open() {
    shop.open();
  }

  @AfterAll
  static void close() {
    shop.close();
  }

  @BeforeEach
  void everyNodeHasProductSevenAndItsListInItsCache() {
    awaitOnEveryNode("/products/7", "\"source\":\"cache\"");
    awaitOnEveryNode("/products?category=coffee", "\"source\":\"cache\"");
  }

  @Test
  void newPrice_isReadFromTheDatabaseOnEveryNode() {
    client.changePrice(FIRST, 7, new BigDecimal("71.25"));

    awaitOnEveryNode("/products/7", "\"price\":71.25,", "\"source\":\"database\"");
    awaitOnEveryNode("/products?category=coffee", "\"price\":71.25}", "\"source\":\"database\"");
  }

  @Test
  void deletedProduct_isNotFoundOnAnyNode() {
    awaitOnEveryNode("/products/8", "\"source\":\"cache\"");

    client.delete(THIRD, "/products/8");

    for (int port : NODES) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(client.get(port, "/products/8").statusCode()).isEqualTo(404));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"cache\":\"products\",\"key\":7}", "{\"key\":\"products:7\"}"})
  void messageFromOutside_sendsEveryNodeToTheDatabase(String message) {
    publish(message);

    awaitOnEveryNode("/products/7", "\"source\":\"database\"");
  }

  @Test
  void priceSetWhileRedisIsDown_isShownEverywhereAfterwards() {
    client.post(CONTROL, "/redis/stop");
    HttpResponse<String> changed = client.changePrice(SECOND, 7, new BigDecimal("72.50"));
    for (int port : NODES) {
      assertThat(client.get(port, "/products/7").statusCode()).isEqualTo(200);
    }
    client.post(CONTROL, "/redis/start");

    assertThat(changed.statusCode()).isEqualTo(200);
    awaitOnEveryNode("/products/7", "\"price\":72.50,");
    awaitOnEveryNode("/products/7", "\"source\":\"cache\"");
    client.changePrice(THIRD, 7, new BigDecimal("73.75"));
    awaitOnEveryNode("/products/7", "\"price\":73.75,");
  }

  private void awaitOnEveryNode(String path, String... fragments) {
    for (int port : NODES) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(client.get(port, path).body()).contains(fragments));
    }
  }

  private static void publish(String message) {
    RedisClient redis = RedisClient.create(RedisURI.create("localhost", REDIS));
    try (StatefulRedisConnection<String, String> connection = redis.connect()) {
      connection.sync().publish("cache:invalidate:shop", message);
    } finally {
      redis.shutdown();
    }
  }
}
