package io.github.cacheinvalidation.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import redis.clients.jedis.Jedis;
import redis.embedded.RedisSentinel;

/**
 * A real master with one replica and three Sentinels, on free ports of this machine. A master that
 * does not answer for a second is replaced by its replica.
 */
public final class TestSentinels implements AutoCloseable {

  /** The name of the master. */
  public static final String MASTER = "m1";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int SENTINELS = 3;

  private final List<TestRedis> servers = new ArrayList<>();

  private final List<RedisSentinel> sentinels = new ArrayList<>();

  private final List<String> addresses = new ArrayList<>();

  private TestSentinels(ServerProgram program) {
    TestRedis master = TestRedis.started(program);
    servers.add(master);
    servers.add(TestRedis.started(program, "replicaof " + master.host() + " " + master.port()));
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> servers.get(1).infoOf("replication", "master_link_status").equals("up"));
    for (int i = 0; i < SENTINELS; i++) {
      start(program, master);
    }
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> addresses.stream().allMatch(TestSentinels::knowsTheOthers));
  }

  /** Starts servers of a program. */
  public static TestSentinels started(ServerProgram program) {
    return new TestSentinels(program);
  }

  private void start(ServerProgram program, TestRedis master) {
    int port = TestRedis.freePort();
    RedisSentinel sentinel =
        RedisSentinel.builder()
            .redisExecProvider(program.provider())
            .bind(master.host())
            .port(port)
            .masterName(MASTER)
            .masterPort(master.port())
            .quorumSize(2)
            .downAfterMilliseconds(1000L)
            .failoverTimeout(5000L)
            .build();
    Runtime.getRuntime().addShutdownHook(new Thread(sentinel::stop));
    sentinel.start();
    sentinels.add(sentinel);
    addresses.add(master.host() + ":" + port);
  }

  private static boolean knowsTheOthers(String address) {
    try (Jedis jedis = sentinel(address)) {
      var master = jedis.sentinelMaster(MASTER);
      return String.valueOf(SENTINELS - 1).equals(master.get("num-other-sentinels"))
          && "1".equals(master.get("num-slaves"));
    }
  }

  private static Jedis sentinel(String address) {
    int colon = address.indexOf(':');
    return new Jedis(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
  }

  /** Returns the addresses of the Sentinels, each as {@code host:port}. */
  public List<String> addresses() {
    return addresses;
  }

  /** Returns the master and its replica, in no order. */
  public List<TestRedis> servers() {
    return servers;
  }

  /** Returns the server that the Sentinels name as master. */
  public TestRedis master() {
    try (Jedis jedis = sentinel(addresses.get(0))) {
      int port = Integer.parseInt(jedis.sentinelGetMasterAddrByName(MASTER).get(1));
      return servers.stream().filter(server -> server.port() == port).findFirst().orElseThrow();
    }
  }

  /** Makes the replica the master while both run. */
  public void failOver() {
    try (Jedis jedis = sentinel(addresses.get(0))) {
      jedis.sentinelFailover(MASTER);
    }
  }

  /** Stops all servers. */
  @Override
  public void close() {
    sentinels.forEach(RedisSentinel::stop);
    servers.forEach(TestRedis::close);
  }
}
