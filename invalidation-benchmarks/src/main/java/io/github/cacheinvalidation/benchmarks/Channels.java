package io.github.cacheinvalidation.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import io.github.cacheinvalidation.internal.outbox.OutboxSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * What several channels cost and what they spare: a cluster whose masters share the logs, an idle
 * node with many channels, and Redis with the subscriptions of a thousand nodes.
 */
final class Channels {

  private static final int MANY = 100;

  private static final int KEYS = 200_000;

  private static final int WARM_UPS = 2;

  private final Server server;
  private final Options options;

  Channels(Server server, Options options) {
    this.server = server;
    this.options = options;
  }

  List<Row> measure() throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>(onThreeMasters());
    rows.addAll(ofAnIdleNode());
    rows.addAll(new SimulatedNodes(server, options).measure());
    return rows;
  }

  private List<Row> onThreeMasters() throws IOException {
    Throughput throughput = new Throughput(Throughput.Order.NUMBERED, Long::valueOf, 3, 0);
    int rounds = options.rounds();
    double[][] rates = new double[2][rounds];
    double[][] busiest = new double[2][rounds];
    try (ThreeMasters cluster = ThreeMasters.start();
        ChannelFleet several = ChannelFleet.withAChannelForEach(cluster, 2);
        ChannelFleet one = ChannelFleet.withOneChannel(cluster, 2)) {
      List<ChannelFleet> fleets = List.of(several, one);
      for (int round = -WARM_UPS; round < rounds; round++) {
        for (int side = 0; side < fleets.size(); side++) {
          double[] before = cluster.cpuSeconds();
          double rate = throughput.round(fleets.get(side), KEYS);
          double[] after = cluster.cpuSeconds();
          if (round >= 0) {
            rates[side][round] = rate;
            busiest[side][round] = mostOf(before, after) * 1e6 / KEYS;
          }
        }
      }
    }
    return List.of(
        Row.ratio("channels three to one, keys", "keys/s", rates[0], rates[1], Target.none()),
        Row.ratio(
            "channels three to one, busiest master",
            "s/M keys",
            busiest[0],
            busiest[1],
            Target.none()));
  }

  private static double mostOf(double[] before, double[] after) {
    double most = 0;
    for (int i = 0; i < before.length; i++) {
      most = Math.max(most, after[i] - before[i]);
    }
    return most;
  }

  private List<Row> ofAnIdleNode() throws InterruptedException {
    Cost one = cost(Map.of());
    Map<String, String> channels = new LinkedHashMap<>();
    for (int i = 1; i < MANY; i++) {
      channels.put("cache-" + i, OurFleet.PREFIX + UUID.randomUUID());
    }
    Cost many = cost(channels);
    String figure = "channels " + MANY + " to one, idle node, ";
    return List.of(
        row(figure + "commands", "commands/s", many.commands, one.commands),
        row(figure + "redis cpu", "ms/s", many.redis, one.redis),
        row(figure + "own cpu", "ms/s", many.own, one.own),
        row(figure + "threads", "", many.threads, one.threads),
        row(figure + "connections", "", many.connections, one.connections));
  }

  private static Row row(String figure, String unit, double[] many, double[] one) {
    return Row.alone(figure, unit, many, one, Target.none());
  }

  /** For each window, per second or at its end. */
  private record Cost(
      double[] commands, double[] redis, double[] own, double[] threads, double[] connections) {}

  private Cost cost(Map<String, String> channels) throws InterruptedException {
    int windows = options.rounds();
    Cost cost =
        new Cost(
            new double[windows],
            new double[windows],
            new double[windows],
            new double[windows],
            new double[windows]);
    int threadsBefore = Thread.activeCount();
    try (OurNode node = node(channels)) {
      TimeUnit.SECONDS.sleep(3); // the join, and the compiler
      for (int window = 0; window < windows; window++) {
        double redis = server.cpuSeconds();
        double commands = commands();
        double own = ownSeconds();
        long begin = System.nanoTime();
        TimeUnit.SECONDS.sleep(options.quick() ? 1 : 3);
        double seconds = (System.nanoTime() - begin) / 1e9;
        cost.commands[window] = (commands() - commands) / seconds;
        cost.redis[window] = (server.cpuSeconds() - redis) * 1e3 / seconds;
        cost.own[window] = (ownSeconds() - own) * 1e3 / seconds;
        cost.threads[window] = Thread.activeCount() - threadsBefore;
        cost.connections[window] =
            server.clients().named(RedisChannelSettings.CLIENT_PREFIX + OurNode.NODE_NAME).size();
      }
      node.watch().requireValid();
    }
    return cost;
  }

  private OurNode node(Map<String, String> channels) {
    List<String> caches = new ArrayList<>(List.of(OurNode.CACHE));
    caches.addAll(channels.keySet());
    return new OurNode(
        "idle",
        OurNode.redis(
            server.connectionFactory(),
            OurFleet.PREFIX + UUID.randomUUID(),
            FeedKind.PUBSUB,
            new TreeSet<>(channels.values())),
        Fleet.SPEC,
        OutboxSettings.defaults(),
        caches,
        channels);
  }

  private double commands() {
    return Server.number(server.info("stats"), "total_commands_processed");
  }

  private static double ownSeconds() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }
}
