package io.github.cacheinvalidation.testing;

import io.lettuce.core.ReadFrom;
import io.lettuce.core.SslOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration.JedisClientConfigurationBuilder;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A real Redis Cluster of three masters with one replica each, on free ports of this machine. A
 * master that does not answer for a second is replaced by its replica.
 *
 * <p>In an encrypted cluster the servers tell clients their encrypted ports, and talk to each other
 * over them. The user that needs no password may neither publish, subscribe, run scripts, nor ask
 * for the nodes.
 */
public final class TestCluster implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int MASTERS = 3;

  private static final int SLOTS = 16_384;

  /** The user of an encrypted cluster that may do everything. */
  public static final String USER = "shop";

  /** The password of {@link #USER}. */
  public static final String PASSWORD = "secret";

  private final List<TestRedis> servers = new ArrayList<>();

  private final List<Runnable> closers = new ArrayList<>();

  private final @Nullable TestCertificate certificate;

  /** The ports of the servers for clients, in the order of the servers. */
  private final List<Integer> ports = new ArrayList<>();

  private TestCluster(
      ServerProgram program, Path directory, @Nullable TestCertificate certificate) {
    this.certificate = certificate;
    for (int i = 0; i < 2 * MASTERS; i++) {
      List<String> settings = new ArrayList<>();
      settings.add("cluster-enabled yes");
      settings.add("cluster-config-file nodes-" + i + ".conf");
      settings.add("cluster-node-timeout 1000");
      settings.add("dir " + directory);
      int encryptedPort = certificate == null ? 0 : encrypt(settings, certificate);
      TestRedis server = TestRedis.started(program, settings.toArray(String[]::new));
      servers.add(server);
      ports.add(certificate == null ? server.port() : encryptedPort);
    }
    String first = servers.get(0).host();
    servers.forEach(
        server -> server.command("CLUSTER", "MEET", first, String.valueOf(ports.get(0))));
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

  private static int encrypt(List<String> settings, TestCertificate certificate) {
    int port = TestRedis.freePort();
    settings.addAll(certificate.settings(port));
    settings.add("tls-cluster yes");
    settings.add("tls-replication yes");
    settings.add("user default on nopass ~* &* +@all -@scripting -@pubsub -cluster|nodes");
    settings.add("user " + USER + " on >" + PASSWORD + " ~* &* +@all");
    return port;
  }

  /** Starts a cluster that keeps its state in a directory. */
  public static TestCluster started(Path directory) {
    return started(ServerProgram.REDIS_7_0, directory);
  }

  /** Starts a cluster of a program that keeps its state in a directory. */
  public static TestCluster started(ServerProgram program, Path directory) {
    return new TestCluster(program, directory, null);
  }

  /** Starts a cluster to which clients connect with TLS, as a user with a password. */
  public static TestCluster encrypted(Path directory) {
    return encrypted(ServerProgram.REDIS_7_0, directory);
  }

  /** Starts such a cluster of a program; Redis 6.2 does not know the rights of its users. */
  public static TestCluster encrypted(ServerProgram program, Path directory) {
    return new TestCluster(program, directory, TestCertificate.in(directory));
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

  /** Returns the addresses for clients, each as {@code host:port}. */
  public List<String> addresses() {
    return ports.stream().map(port -> servers.get(0).host() + ":" + port).toList();
  }

  /** Returns the file of the certificate that clients of an encrypted cluster have to trust. */
  public Path certificate() {
    return Objects.requireNonNull(certificate, "the cluster is not encrypted").file();
  }

  private RedisClusterConfiguration configuration() {
    RedisClusterConfiguration configuration = new RedisClusterConfiguration(addresses());
    if (certificate != null) {
      configuration.setUsername(USER);
      configuration.setPassword(PASSWORD);
    }
    return configuration;
  }

  /** Returns a connection factory of Lettuce, closed together with the cluster. */
  public LettuceConnectionFactory lettuce() {
    return lettuce(LettuceClientConfiguration.builder());
  }

  /** Returns a connection factory that prefers replicas, closed together with the cluster. */
  public LettuceConnectionFactory lettuceThatPrefersReplicas() {
    return lettuce(LettuceClientConfiguration.builder().readFrom(ReadFrom.REPLICA_PREFERRED));
  }

  /**
   * Returns a connection factory whose options let Lettuce ask for the state of the cluster by
   * itself, closed together with the cluster.
   */
  public LettuceConnectionFactory lettuceThatAsksForTheState() {
    ClusterTopologyRefreshOptions often =
        ClusterTopologyRefreshOptions.builder()
            .enablePeriodicRefresh(Duration.ofMillis(200))
            .enableAllAdaptiveRefreshTriggers()
            .build();
    return lettuce(
        LettuceClientConfiguration.builder()
            .clientOptions(ClusterClientOptions.builder().topologyRefreshOptions(often).build()));
  }

  private LettuceConnectionFactory lettuce(LettuceClientConfigurationBuilder client) {
    if (certificate != null) {
      SslOptions trust = SslOptions.builder().trustManager(certificate.file().toFile()).build();
      client.clientOptions(ClusterClientOptions.builder().sslOptions(trust).build()).useSsl();
    }
    LettuceConnectionFactory factory =
        new LettuceConnectionFactory(configuration(), client.build());
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
    JedisClientConfigurationBuilder client = JedisClientConfiguration.builder();
    if (certificate != null) {
      client.useSsl().sslSocketFactory(certificate.context().getSocketFactory());
    }
    JedisConnectionFactory factory = new JedisConnectionFactory(configuration(), client.build());
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
