package io.github.cacheinvalidation.benchmarks;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.resource.ClientResources;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import redis.embedded.RedisServer;

/** A Redis Cluster of three masters without replicas, on free ports. */
final class ThreeMasters implements AutoCloseable {

  static final int MASTERS = 3;

  /** The distance of the port for the cluster's own messages. */
  private static final int BUS = 10_000;

  private static final int HIGHEST_PORT = 65_535;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final List<RedisServer> processes = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();
  private final List<RedisCommands<String, String>> commands = new ArrayList<>();
  private final List<Runnable> closers = new ArrayList<>();
  private final ClientResources resources = ClientResources.create();

  private ThreeMasters() throws IOException {
    Path directory = Files.createTempDirectory("three-masters");
    for (int i = 0; i < MASTERS; i++) {
      int port = freePort();
      RedisServer process =
          RedisServer.builder()
              .port(port)
              .bind(Server.HOST)
              .setting("save \"\"")
              .setting("appendonly no")
              .setting("cluster-enabled yes")
              .setting("cluster-config-file " + directory.resolve("nodes-" + i + ".conf"))
              .build();
      process.start();
      processes.add(process);
      ports.add(port);
      RedisClient client =
          RedisClient.create(
              resources, RedisURI.builder().withHost(Server.HOST).withPort(port).build());
      closers.add(() -> client.shutdown(Duration.ZERO, Duration.ofSeconds(2)));
      commands.add(client.connect().sync());
    }
    form();
  }

  static ThreeMasters start() throws IOException {
    return new ThreeMasters();
  }

  /** Returns a port that leaves room for the port of the cluster's own messages. */
  private static int freePort() throws IOException {
    while (true) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        if (socket.getLocalPort() + BUS <= HIGHEST_PORT) {
          return socket.getLocalPort();
        }
      }
    }
  }

  private void form() {
    for (int i = 0; i < MASTERS; i++) {
      int from = i * SlotHash.SLOT_COUNT / MASTERS;
      int to = (i + 1) * SlotHash.SLOT_COUNT / MASTERS;
      commands.get(i).clusterAddSlots(IntStream.range(from, to).toArray());
      commands.get(0).clusterMeet(Server.HOST, ports.get(i));
    }
    long begin = System.nanoTime();
    while (!commands.stream().allMatch(ThreeMasters::knowsAll)) {
      LockSupport.parkNanos(50_000_000);
      if (System.nanoTime() - begin > PATIENCE_NANOS) {
        throw new VoidRunException("the cluster of three masters does not form");
      }
    }
  }

  private static boolean knowsAll(RedisCommands<String, String> master) {
    String info = master.clusterInfo();
    return info.contains("cluster_state:ok") && info.contains("cluster_size:" + MASTERS);
  }

  /** Returns a connection factory as an application has, closed with these servers. */
  LettuceConnectionFactory connectionFactory() {
    LettuceConnectionFactory factory =
        new LettuceConnectionFactory(
            new RedisClusterConfiguration(
                ports.stream().map(port -> Server.HOST + ":" + port).toList()),
            LettuceClientConfiguration.builder().clientResources(resources).build());
    factory.afterPropertiesSet();
    closers.add(factory::destroy);
    return factory;
  }

  /** Returns a name for a channel whose log is on the given master. */
  String channelOn(int master) {
    for (int i = 0; ; i++) {
      String name = OurFleet.PREFIX + master + "-" + i;
      if (SlotHash.getSlot(name) * MASTERS / SlotHash.SLOT_COUNT == master) {
        return name;
      }
    }
  }

  /** Returns the processor time of each master so far, in seconds. */
  double[] cpuSeconds() {
    return commands.stream()
        .mapToDouble(master -> Server.cpuSeconds(Server.info(master, "cpu")))
        .toArray();
  }

  @Override
  public void close() throws IOException {
    Collections.reverse(closers);
    closers.forEach(Runnable::run);
    resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3000);
    for (RedisServer process : processes) {
      process.stop();
    }
  }
}
