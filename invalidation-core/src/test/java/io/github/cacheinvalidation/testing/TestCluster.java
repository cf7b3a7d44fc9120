package io.github.cacheinvalidation.testing;

import io.lettuce.core.ReadFrom;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A real Redis Cluster of three masters with one replica each, on free ports of this machine. A
 * master that does not answer for a second is replaced by its replica.
 */
public final class TestCluster implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int MASTERS = 3;

  private static final int SLOTS = 16_384;

  private final List<TestRedis> servers = new ArrayList<>();

  private final List<Runnable> closers = new ArrayList<>();

  private TestCluster(ServerProgram program, Path directory) {
    for (int i = 0; i < 2 * MASTERS; i++) {
      servers.add(
          TestRedis.started(
              program,
              "cluster-enabled yes",
              "cluster-config-file nodes-" + i + ".conf",
              "cluster-node-timeout 1000",
              "dir " + directory));
    }
    TestRedis first = servers.get(0);
    servers.forEach(
        server -> server.command("CLUSTER", "MEET", first.host(), String.valueOf(first.port())));
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> servers.stream().allMatch(server -> knows(server, servers.size())));
    for (int i = 0; i < MASTERS; i++) {
      TestRedis master = servers.get(i);
      master.command(
          Stream.concat(
                  Stream.of("CLUSTER", "ADDSLOTS"), // ADDSLOTSRANGE is new in Redis 7
                  IntStream.range(i * SLOTS / MASTERS, (i + 1) * SLOTS / MASTERS)
                      .mapToObj(String::valueOf))
              .toArray(String[]::new));
      servers.get(MASTERS + i).command("CLUSTER", "REPLICATE", id(master));
    }
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> servers.stream().allMatch(server -> info(server, "cluster_state:ok")));
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                servers.stream()
                    .skip(MASTERS)
                    .allMatch(
                        server ->
                            server.infoOf("replication", "role").equals("slave")
                                && server
                                    .infoOf("replication", "master_link_status")
                                    .equals("up")));
  }

  /** Starts a cluster that keeps its state in a directory. */
  public static TestCluster started(Path directory) {
    return started(ServerProgram.REDIS_7_0, directory);
  }

  /** Starts a cluster of a program that keeps its state in a directory. */
  public static TestCluster started(ServerProgram program, Path directory) {
    return new TestCluster(program, directory);
  }

  /** Returns all servers, in no order. */
  public List<TestRedis> servers() {
    return servers;
  }

  private static boolean knows(TestRedis server, int others) {
    return info(server, "cluster_known_nodes:" + others);
  }

  private static boolean info(TestRedis server, String line) {
    return server.command("CLUSTER", "INFO").toString().lines().anyMatch(line::equals);
  }

  private static String id(TestRedis server) {
    return server.command("CLUSTER", "MYID").toString();
  }

  /** Returns the running server that is the master of a key, as a running server sees that. */
  public TestRedis masterOf(String key) {
    int slot = Integer.parseInt(running().command("CLUSTER", "KEYSLOT", key).toString());
    for (Object range : (List<?>) running().command("CLUSTER", "SLOTS")) {
      List<?> parts = (List<?>) range;
      if (slot >= number(parts.get(0)) && slot <= number(parts.get(1))) {
        int port = number(((List<?>) parts.get(2)).get(1));
        return servers.stream().filter(server -> server.port() == port).findFirst().orElseThrow();
      }
    }
    throw new IllegalStateException("No master has the slot " + slot);
  }

  /** Moves the slot of a key, and that key alone, to another running master. */
  public void moveSlotOf(String key) {
    moveSlotOf(key, () -> {});
  }

  /**
   * Moves the slot of a key, and that key alone, to another running master.
   *
   * @param halfway runs when the key is moved and the slot is not: the old master answers each
   *     command with {@code ASK}
   */
  public void moveSlotOf(String key, Runnable halfway) {
    String slot = running().command("CLUSTER", "KEYSLOT", key).toString();
    TestRedis from = masterOf(key);
    TestRedis to =
        servers.stream().limit(MASTERS).filter(server -> server != from).findFirst().orElseThrow();
    to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", id(from));
    from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", id(to));
    String port = String.valueOf(to.port());
    from.command("MIGRATE", to.host(), port, "", "0", "5000", "KEYS", key);
    halfway.run();
    for (TestRedis each : List.of(to, from)) {
      each.command("CLUSTER", "SETSLOT", slot, "NODE", id(to));
    }
    Awaitility.await().atMost(PATIENCE).until(() -> masterOf(key) == to);
  }

  private static int number(Object reply) {
    return Integer.parseInt(reply.toString());
  }

  private TestRedis running() {
    return servers.stream().filter(TestRedis::isRunning).findFirst().orElseThrow();
  }

  private RedisClusterConfiguration configuration() {
    return new RedisClusterConfiguration(
        servers.stream().map(server -> server.host() + ":" + server.port()).toList());
  }

  /** Returns a connection factory of Lettuce, closed together with the cluster. */
  public LettuceConnectionFactory lettuce() {
    LettuceConnectionFactory factory = new LettuceConnectionFactory(configuration());
    factory.afterPropertiesSet();
    closers.add(factory::destroy);
    return factory;
  }

  /** Returns a connection factory that prefers replicas, closed together with the cluster. */
  public LettuceConnectionFactory lettuceThatPrefersReplicas() {
    LettuceConnectionFactory factory =
        new LettuceConnectionFactory(
            configuration(),
            LettuceClientConfiguration.builder().readFrom(ReadFrom.REPLICA_PREFERRED).build());
    factory.afterPropertiesSet();
    closers.add(factory::destroy);
    return factory;
  }

  /** Returns the servers that began as replicas and still are. */
  public List<TestRedis> replicas() {
    return servers.stream()
        .skip(MASTERS)
        .filter(server -> server.infoOf("replication", "role").equals("slave"))
        .toList();
  }

  /** Returns a connection factory of Jedis, closed together with the cluster. */
  public JedisConnectionFactory jedis() {
    JedisConnectionFactory factory = new JedisConnectionFactory(configuration());
    factory.afterPropertiesSet();
    closers.add(factory::destroy);
    return factory;
  }

  /** Closes the connection factories that it gave out, and stops the servers. */
  @Override
  public void close() {
    closers.forEach(Runnable::run);
    servers.forEach(TestRedis::close);
  }
}
