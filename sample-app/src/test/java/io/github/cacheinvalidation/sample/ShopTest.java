package io.github.cacheinvalidation.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class ShopTest {

  private final ShopClient client = new ShopClient();

  @Test
  void shop_runsItsNodesOverOneDatabaseAndOneRedis_andLeavesNothingBehind() {
    int first = FreePorts.firstOf(5);
    int redis = first + 3;
    int control = first + 4;
    Shop shop =
        Shop.configure(
            "--shop.first-port=" + first,
            "--shop.redis-port=" + redis,
            "--shop.control-port=" + control);
    try {
      shop.open();

      for (int port = first; port < first + 3; port++) {
        assertThat(client.get(port, "/products/7").body())
            .contains("\"node\":\"node-" + port + "\"")
            .contains("\"source\":\"database\"");
      }
      assertThat(client.changePrice(first, 9, new BigDecimal("4.80")).statusCode()).isEqualTo(200);
      assertThat(client.get(first + 1, "/products/9").body()).contains("4.80");
      assertThat(client.get(first, "/actuator/health").body())
          .contains("\"invalidation\"")
          .doesNotContain("\"redis\"");
      assertThat(client.get(first, "/actuator/prometheus").body())
          .contains("invalidation_state{")
          .contains("invalidation_propagation_seconds_count");
      assertThat(client.get(first, "/actuator/invalidation").body())
          .contains("\"connections\":3", "\"transport\":\"pubsub\"");
      assertThat(RedisInfo.ofServer(redis)).isPresent();
      assertThat(shop.welcome())
          .contains("curl http://localhost:" + first + "/products/7\n")
          .contains("curl http://localhost:" + (first + 2) + "/products/7\n")
          .contains("redis-cli -p " + redis + " PUBLISH cache:invalidate:shop")
          .contains("curl -X POST http://localhost:" + control + "/redis/stop\n");

      assertThat(client.post(control, "/redis/stop").body()).contains("is stopped.");
      assertThat(RedisInfo.ofServer(redis)).isEmpty();
      assertThat(client.get(first, "/actuator/health").statusCode()).isEqualTo(200);
      assertThat(client.get(first, "/actuator/health/readiness").statusCode()).isEqualTo(200);
      assertThat(client.get(first, "/products/7").statusCode()).isEqualTo(200);
      assertThat(client.changePrice(first, 7, new BigDecimal("60.00")).statusCode()).isEqualTo(200);
      assertThat(client.get(control, "/redis/start").statusCode()).isEqualTo(405);
      assertThat(client.post(control, "/redis/start").body()).contains("is running.");
      assertThat(RedisInfo.ofServer(redis)).isPresent();
    } finally {
      shop.close();
    }

    for (int port = first; port < first + 5; port++) {
      Ports.requireFree(port, "the test");
    }
    assertThat(RedisInfo.ofServer(redis)).isEmpty();
  }

  @Test
  void redisOnly_runsNoNode() {
    int redis = FreePorts.firstOf(1);
    Shop shop = Shop.configure("--shop.redis-only=true", "--shop.redis-port=" + redis);
    try {
      shop.open();

      assertThat(RedisInfo.ofServer(redis)).isPresent();
      assertThat(shop.welcome()).contains("port " + redis).doesNotContain("/products");
    } finally {
      shop.close();
    }
    assertThat(RedisInfo.ofServer(redis)).isEmpty();
  }

  @Test
  void oneNode_usesTheRedisThatIsNamed_andStartsWhileItIsDown() {
    int port = FreePorts.firstOf(1);
    Shop shop =
        Shop.configure(
            "--shop.nodes=1",
            "--server.port=" + port,
            "--invalidation.node-name=corner",
            "--spring.data.redis.host=localhost",
            "--spring.data.redis.port=" + FreePorts.firstOf(1));
    try {
      shop.open();

      assertThat(client.get(port, "/products/7").body()).contains("\"node\":\"corner\"");
      assertThat(shop.welcome()).contains("redis-cli -h localhost -p ").doesNotContain("/redis/");
    } finally {
      shop.close();
    }
  }

  @Test
  void portInUse_isNamedWithTheSettingThatMovesIt_andNothingIsLeftRunning() throws IOException {
    int redis = FreePorts.firstOf(1);
    try (ServerSocket taken = new ServerSocket(0)) {
      int port = taken.getLocalPort();

      assertThatExceptionOfType(ShopStartException.class)
          .isThrownBy(() -> Shop.configure("--shop.nodes=1", "--shop.first-port=" + port).open())
          .withMessageContaining("Port " + port)
          .withMessageContaining("server.port");
      assertThatExceptionOfType(ShopStartException.class)
          .isThrownBy(
              () ->
                  Shop.configure(
                          "--shop.redis-only=true",
                          "--shop.redis-port=" + redis,
                          "--shop.control-port=" + port)
                      .open())
          .withMessageContaining("shop.control-port");
    }
    assertThat(RedisInfo.ofServer(redis)).isEmpty();
  }

  @Test
  void nodeThatFails_stopsTheRest() {
    int first = FreePorts.firstOf(4);
    int redis = first + 3;

    assertThatExceptionOfType(ShopStartException.class)
        .isThrownBy(
            () ->
                Shop.configure(
                        "--shop.first-port=" + first,
                        "--shop.redis-port=" + redis,
                        "--spring.datasource.url=jdbc:unheard:of")
                    .open())
        .withMessageContaining("A node failed");
    assertThat(RedisInfo.ofServer(redis)).isEmpty();
  }

  @Test
  void redisOnlyWithANamedRedis_isRefused() {
    assertThatExceptionOfType(ShopStartException.class)
        .isThrownBy(
            () ->
                Shop.configure("--shop.redis-only=true", "--spring.data.redis.host=elsewhere")
                    .open())
        .withMessageContaining("shop.redis-only");
  }

  @Test
  void closedShop_doesNotOpen() {
    Shop shop = Shop.configure("--shop.redis-only=true");
    shop.close();

    assertThatExceptionOfType(ShopStartException.class).isThrownBy(shop::open);
  }
}
