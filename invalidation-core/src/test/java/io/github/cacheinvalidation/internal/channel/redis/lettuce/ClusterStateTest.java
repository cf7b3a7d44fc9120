package io.github.cacheinvalidation.internal.channel.redis.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.cacheinvalidation.internal.channel.ChannelException;
import io.github.cacheinvalidation.testing.TestCluster;
import io.github.cacheinvalidation.testing.TestRedis;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.resource.ClientResources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One server of a cluster tells its state; servers that fail are asked last. */
class ClusterStateTest {

  private static final int ASKED = 12;

  private static TestCluster cluster;

  private final ClientResources resources = ClientResources.create();

  private final AsynchronousClient client = new AsynchronousClient(resources);

  @BeforeAll
  static void startCluster(@TempDir Path directory) {
    cluster = TestCluster.started(directory);
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @AfterEach
  void stopClient() {
    client.shutdown();
    var unused = resources.shutdown();
  }

  private ClusterState state(RedisURI... seeds) {
    return new ClusterState(client, List.of(seeds));
  }

  private static RedisURI uri(TestRedis server) {
    return uri(server.port());
  }

  private static RedisURI uri(int port) {
    return uri("127.0.0.1", port);
  }

  private static RedisURI uri(String host, int port) {
    return RedisURI.builder()
        .withHost(host)
        .withPort(port)
        .withTimeout(Duration.ofSeconds(5))
        .build();
  }

  private static RedisURI anyServer() {
    return uri(cluster.servers().get(0));
  }

  private static List<Integer> ports(List<RedisClusterNode> nodes) {
    return nodes.stream().map(node -> node.getUri().getPort()).toList();
  }

  private static List<Integer> allPorts() {
    return cluster.servers().stream().map(TestRedis::port).toList();
  }

  @Test
  void oneSeed_tellsOfAllServersAndComesFirst() {
    List<RedisClusterNode> nodes = state(anyServer()).ask();

    assertThat(ports(nodes)).containsExactlyInAnyOrderElementsOf(allPorts());
    assertThat(nodes.get(0).getUri()).isEqualTo(anyServer());
  }

  @Test
  void serversThatAnswer_takeTurns() {
    ClusterState state = state(anyServer());

    List<Integer> asked = new ArrayList<>();
    for (int i = 0; i < allPorts().size(); i++) {
      asked.add(state.ask().get(0).getUri().getPort());
    }

    assertThat(asked).containsExactlyInAnyOrderElementsOf(allPorts());
  }

  /** Not once by its name and once by the address that the cluster tells. */
  @RepeatedTest(5)
  void serverThatIsNamedByItsHostName_takesOneTurn() {
    ClusterState state =
        state(
            allPorts().stream()
                .limit(2)
                .map(port -> uri("localhost", port))
                .toArray(RedisURI[]::new));

    for (int round = 0; round < 2; round++) {
      List<Integer> asked = new ArrayList<>();
      for (int i = 0; i < allPorts().size(); i++) {
        asked.add(state.ask().get(0).getUri().getPort());
      }
      assertThat(asked).containsExactlyInAnyOrderElementsOf(allPorts());
    }
  }

  /** The addresses of all servers may have changed, and their names not. */
  @Test
  void seedThatTheClusterDoesNotTell_isAskedAgainIfNoOtherServerAnswers() {
    try (Broken broken = new Broken()) {
      ClusterState state = state(uri(broken.port()), anyServer());
      state.ask();
      state.ask();
      int before = broken.connections.get();
      cluster.servers().forEach(server -> server.command("ACL", "SETUSER", "default", "-cluster"));
      try {
        assertThatThrownBy(state::ask).isInstanceOf(ChannelException.class);
      } finally {
        cluster.servers().forEach(server -> server.command("ACL", "SETUSER", "default", "+@all"));
      }

      await().untilAsserted(() -> assertThat(broken.connections).hasValueGreaterThan(before));
      assertThat(ports(state.ask())).containsExactlyInAnyOrderElementsOf(allPorts());
    }
  }

  @Test
  void serverThatFailed_isNotAskedAgainWhileOthersAnswer() {
    try (Broken broken = new Broken()) {
      ClusterState state = state(uri(broken.port()), anyServer());

      for (int i = 0; i < ASKED; i++) {
        assertThat(ports(state.ask())).containsExactlyInAnyOrderElementsOf(allPorts());
      }

      assertThat(broken.connections).hasValueLessThanOrEqualTo(1);
    }
  }

  /** Otherwise one server would be the only source, after each other one was restarted once. */
  @Test
  void serverThatFailed_takesItsTurnAgainWhenTheClusterSaysThatItWorks() {
    ClusterState state = state(anyServer());
    state.ask();
    List<TestRedis> others = cluster.servers().subList(1, allPorts().size());
    others.forEach(server -> server.command("ACL", "SETUSER", "default", "-cluster"));
    try {
      assertThat(state.ask().get(0).getUri()).isEqualTo(anyServer());
    } finally {
      others.forEach(server -> server.command("ACL", "SETUSER", "default", "+@all"));
    }

    List<Integer> asked = new ArrayList<>();
    for (int i = 0; i < allPorts().size(); i++) {
      asked.add(state.ask().get(0).getUri().getPort());
    }

    assertThat(asked).containsExactlyInAnyOrderElementsOf(allPorts());
  }

  /** Such as one that has lost its files, or was never told of the others. */
  @Test
  void serverThatKnowsNoSlots_isNotBelieved() {
    try (TestRedis alone = TestRedis.started("cluster-enabled yes")) {
      ClusterState state = state(uri(alone), anyServer());

      for (int i = 0; i < ASKED; i++) {
        assertThat(ports(state.ask())).containsExactlyInAnyOrderElementsOf(allPorts());
      }

      assertThatThrownBy(state(uri(alone))::ask)
          .isInstanceOf(ChannelException.class)
          .hasStackTraceContaining(
              "127.0.0.1:" + alone.port() + " knows no server that has a slot");
    }
  }

  @Test
  void noServerThatAnswers_isNamedAndAskedAgain() throws IOException {
    int port = TestRedis.freePort();
    ClusterState state = state(uri(port));

    assertThatThrownBy(state::ask)
        .isInstanceOf(ChannelException.class)
        .hasMessage("no server of the cluster tells its state")
        .hasStackTraceContaining("127.0.0.1")
        .hasStackTraceContaining(String.valueOf(port));

    try (Broken broken = new Broken(port)) {
      assertThatThrownBy(state::ask).isInstanceOf(ChannelException.class);
      assertThat(broken.connections).hasPositiveValue();
    }
  }

  /** It names the remedy, so it counts for more than servers that are down. */
  @Test
  void refusedLogin_isTheReason() {
    try (TestRedis locked = TestRedis.started("cluster-enabled yes", "requirepass secret");
        Broken broken = new Broken()) {
      RedisURI[] seeds =
          IntStream.of(broken.port(), locked.port())
              .mapToObj(ClusterStateTest::uri)
              .toArray(RedisURI[]::new);

      assertThatThrownBy(state(seeds)::ask).hasStackTraceContaining("NOAUTH");
    }
  }

  @Test
  void serverOfAnotherKind_saysWhatItIs() {
    try (TestRedis standalone = TestRedis.started()) {
      assertThatThrownBy(state(uri(standalone))::ask)
          .hasStackTraceContaining("cluster support disabled");
    }
  }

  /** A port that ends each connection at once, and counts them. */
  private static final class Broken implements AutoCloseable {

    final AtomicInteger connections = new AtomicInteger();

    private final ServerSocket socket;

    Broken() {
      this(0);
    }

    Broken(int port) {
      try {
        socket = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
      Thread thread = new Thread(this::accept, "broken-server");
      thread.setDaemon(true);
      thread.start();
    }

    int port() {
      return socket.getLocalPort();
    }

    private void accept() {
      while (!socket.isClosed()) {
        try {
          socket.accept().close();
          connections.incrementAndGet();
        } catch (IOException closed) {
          return;
        }
      }
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }
}
