package io.github.cacheinvalidation.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.embedded.RedisServer;

/** The shop on each transport and on a Redis Cluster, by properties alone. */
class ShopTransportsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MASTERS = 3;
  private static final int SLOTS = 16_384;

  private final int first = FreePorts.firstOf(5 + 2 * MASTERS);
  private final ShopClient client = new ShopClient();

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"stream", "sharded-pubsub"})
  void newPrice_isShownOnEveryNode(String transport) {
    assertNewPriceIsShownOnEveryNode(
        transport, "--shop.redis-port=" + (first + 3), "--shop.control-port=" + (first + 4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pubsub", "sharded-pubsub"})
  void newPrice_isShownOnEveryNodeOverACluster(String transport) {
    List<Integer> ports =
        IntStream.range(0, MASTERS).map(master -> first + 5 + 2 * master).boxed().toList();
    List<RedisServer> servers = ports.stream().map(this::server).toList();
    try {
      servers.forEach(RedisServer::start);
      formCluster(ports);
      assertNewPriceIsShownOnEveryNode(
          transport, "--spring.data.redis.cluster.nodes=localhost:" + ports.get(0));
    } finally {
      servers.forEach(RedisServer::stop);
    }
  }

  private void assertNewPriceIsShownOnEveryNode(String transport, String... redis) {
    List<String> arguments =
        List.of("--shop.first-port=" + first, "--invalidation.transport=" + transport);
    try (Shop shop =
        Shop.configure(
            Stream.concat(arguments.stream(), Stream.of(redis)).toArray(String[]::new))) {
      shop.open();
      awaitOnEveryNode("\"source\":\"cache\"");

      client.changePrice(first, 7, new BigDecimal("71.25"));

      awaitOnEveryNode("\"price\":71.25,");
    }
  }

  private void awaitOnEveryNode(String fragment) {
    for (int port = first; port < first + 3; port++) {
      int node = port;
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(client.get(node, "/products/7").body()).contains(fragment));
    }
  }

  private RedisServer server(int port) {
    return RedisServer.builder()
        .port(port)
        .setting("bind 127.0.0.1")
        .setting("save \"\"")
        .setting("cluster-enabled yes")
        .setting("cluster-port " + (port + 1))
        .setting("cluster-config-file nodes-" + port + ".conf")
        .setting("dir " + directory)
        .build();
  }

  private static void formCluster(List<Integer> ports) {
    for (int master = 0; master < MASTERS; master++) {
      int[] slots =
          IntStream.range(master * SLOTS / MASTERS, (master + 1) * SLOTS / MASTERS).toArray();
      on(ports.get(master), redis -> redis.clusterAddSlots(slots));
      on(ports.get(master), redis -> meet(redis, ports.get(0)));
    }
    for (int port : ports) {
      await()
          .atMost(PATIENCE)
          .until(() -> on(port, RedisCommands::clusterInfo).contains("cluster_state:ok"));
    }
  }

  /** Names the port of the cluster's own messages too, which Lettuce has no method for. */
  private static String meet(RedisCommands<String, String> redis, int port) {
    return redis.dispatch(
        CommandType.CLUSTER,
        new StatusOutput<>(StringCodec.UTF8),
        new CommandArgs<>(StringCodec.UTF8).add("MEET").add("127.0.0.1").add(port).add(port + 1));
  }

  private static <T> T on(int port, Function<RedisCommands<String, String>, T> command) {
    RedisClient redis = RedisClient.create(RedisURI.create("localhost", port));
    try (StatefulRedisConnection<String, String> connection = redis.connect()) {
      return command.apply(connection.sync());
    } finally {
      redis.shutdown();
    }
  }
}
