package io.github.cacheinvalidation.internal.channel.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.Channel;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.channel.redis.springdata.SpringDataChannel;
import io.github.cacheinvalidation.testing.TestCluster;
import io.github.cacheinvalidation.testing.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * A node in a Redis Cluster without the right to ask for {@code INFO}, as some services refuse it.
 */
class HiddenServersTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static TestCluster cluster;

  private final String name = "hidden-" + UUID.randomUUID();

  private final String log = "{" + name + "}:log";

  private final List<Channel> channels = new ArrayList<>();

  enum Client {
    LETTUCE,
    JEDIS
  }

  @BeforeAll
  static void startCluster(@TempDir Path directory) {
    cluster = TestCluster.started(directory);
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @BeforeEach
  void hide() {
    cluster.servers().forEach(server -> server.command("ACL", "SETUSER", "default", "-info"));
  }

  @AfterEach
  void close() {
    channels.forEach(Channel::close);
    cluster.servers().forEach(server -> server.command("ACL", "SETUSER", "default", "+@all"));
  }

  private Channel channel(Client client) {
    RedisConnectionFactory factory = client == Client.LETTUCE ? cluster.lettuce() : cluster.jedis();
    Channel channel =
        SpringDataChannel.open(
            factory,
            new RedisChannelSettings(
                name, "node", 1_000, 1_000_000, List.of(), Duration.ofSeconds(2)));
    channels.add(channel);
    return channel;
  }

  private static String server(Channel channel) {
    return channel.log().tip().serverId();
  }

  @ParameterizedTest
  @EnumSource
  void serverThatStays_hasOneIdentity(Client client) {
    Channel channel = channel(client);

    assertThat(server(channel)).isEqualTo(server(channel));
  }

  /** A server of a cluster counts its own connections only, and cannot say so itself here. */
  @ParameterizedTest
  @EnumSource
  void connectionsThatListen_areNotCounted(Client client) {
    Channel channel = channel(client);
    TestRedis master = cluster.masterOf(log);
    try (RedisConnection listening = master.lettuce().getConnection()) {
      listening.subscribe((message, pattern) -> {}, name.getBytes(UTF_8));
      await()
          .atMost(PATIENCE)
          .until(() -> master.command("PUBSUB", "NUMSUB", name).equals(List.of(name, "1")));

      assertThat(channel.log().tip().listeners()).isZero();
    }
  }

  /** The old master names the new one, so the connection of the node stays. */
  @ParameterizedTest
  @EnumSource
  void slotThatMoves_isAnotherServer(Client client) {
    Channel channel = channel(client);
    String before = server(channel);
    assertThat(channel.log().tip().created()).isFalse();

    cluster.moveSlotOf(log);

    assertThat(channel.log().tip().created()).isFalse();
    assertThat(server(channel)).isNotEqualTo(before);
  }

  /** Another connection of the node, such as that of an operator, has asked for the new state. */
  @ParameterizedTest
  @EnumSource
  void slotThatMoves_isAnotherServer_ifTheNodeKnowsTheNewStateAlready(Client client) {
    Channel channel = channel(client);
    String before = server(channel);

    cluster.moveSlotOf(log);
    requireNonNull(channel.inspection()).audience();

    assertThat(server(channel)).isNotEqualTo(before);
  }

  private void endConnectionsTo(TestRedis master) {
    master.killClients("invalidation:node", "N");
    await().atMost(PATIENCE).until(() -> clients(master) == 0);
  }

  /** As a restart of the server ends them. */
  @Test
  void connectionsThatAServerEnds_areAnotherServer_withLettuce() {
    Channel channel = channel(Client.LETTUCE);
    String before = server(channel);

    endConnectionsTo(cluster.masterOf(log));

    assertThat(server(channel)).isNotEqualTo(before);
  }

  @Test
  void endedConnections_areAnotherServer_ifTheNodeHasAskedForTheStateAgain() {
    Channel channel = channel(Client.LETTUCE);
    String before = server(channel);

    endConnectionsTo(cluster.masterOf(log));
    requireNonNull(channel.inspection()).audience();

    assertThat(server(channel)).isNotEqualTo(before);
  }

  /** Jedis replaces them in its pool, so a restart that keeps the log is not noticed. */
  @Test
  void connectionsThatAServerEnds_areNotNoticed_withJedis() {
    Channel channel = channel(Client.JEDIS);
    String before = server(channel);

    endConnectionsTo(cluster.masterOf(log));

    assertThat(server(channel)).isEqualTo(before);
  }

  private static int clients(TestRedis server) {
    return server.clientsNamed("invalidation:node").size();
  }
}
