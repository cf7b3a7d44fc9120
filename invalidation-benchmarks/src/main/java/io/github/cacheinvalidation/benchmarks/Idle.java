package io.github.cacheinvalidation.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The requests that idle nodes send to Redis: one node, and many nodes. */
final class Idle {

  /** Per second, for each window: requests, commands inside scripts, bytes in both directions. */
  private record Cost(double[] calls, double[] inside, double[] bytes) {}

  List<Row> measure(Server server, Options options) throws InterruptedException {
    long millis = options.quick() ? 1000 : 2000;
    Cost one = cost(server, 1, options.rounds(), millis);
    List<Row> rows = new ArrayList<>();
    rows.add(alone("idle", "calls/s", one.calls, Target.atMost(1.2)));
    rows.add(alone("idle inside", "commands/s", one.inside, Target.none()));
    rows.add(alone("idle bytes", "B/s", one.bytes, Target.none()));
    for (int nodes : new int[] {8, 64}) {
      Cost many = cost(server, nodes, options.rounds(), millis);
      String figure = "idle " + nodes + " nodes";
      rows.add(growth(figure, "calls/s", many.calls, one.calls, nodes));
      rows.add(growth(figure + " bytes", "B/s", many.bytes, one.bytes, nodes));
    }
    return rows;
  }

  private static Row alone(String figure, String unit, double[] ours, Target target) {
    return Row.alone(figure, unit, ours, ours, target);
  }

  private static Row growth(String figure, String unit, double[] many, double[] one, int nodes) {
    double[] expected = Arrays.stream(one).map(each -> each * nodes).toArray();
    return Row.ratio(figure, unit, many, expected, Target.atMost(1.2));
  }

  private static Cost cost(Server server, int count, int windows, long millis)
      throws InterruptedException {
    String channel = "idle-" + UUID.randomUUID();
    List<OurNode> nodes = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        nodes.add(new OurNode("idle-" + i, OurNode.redis(server.connectionFactory(), channel)));
      }
      TimeUnit.MILLISECONDS.sleep(millis / 2);
      Cost cost = new Cost(new double[windows], new double[windows], new double[windows]);
      for (int window = 0; window < windows; window++) {
        measure(server, cost, window, millis);
      }
      nodes.forEach(node -> node.watch().requireValid());
      return cost;
    } finally {
      nodes.forEach(OurNode::close);
    }
  }

  /** Subtracts the cost of the measurement itself. */
  private static void measure(Server server, Cost cost, int window, long millis)
      throws InterruptedException {
    Look before = Look.at(server);
    long begin = System.nanoTime();
    TimeUnit.MILLISECONDS.sleep(millis);
    double seconds = (System.nanoTime() - begin) / 1e9;
    Look after = Look.at(server);
    Look own = Look.at(server).less(after);
    Look nodes = after.less(before).less(own);
    cost.calls[window] = nodes.requests / seconds;
    cost.inside[window] = (nodes.commands - nodes.requests) / seconds;
    cost.bytes[window] = nodes.bytes / seconds;
  }

  /**
   * Counters of the server: requests read from clients; commands run, including those inside
   * scripts; bytes in both directions.
   */
  private record Look(double requests, double commands, double bytes) {

    static Look at(Server server) {
      Map<String, String> stats = server.info("stats");
      return new Look(
          number(stats, "total_reads_processed"),
          number(stats, "total_commands_processed"),
          number(stats, "total_net_input_bytes") + number(stats, "total_net_output_bytes"));
    }

    private static double number(Map<String, String> stats, String name) {
      String value = stats.get(name);
      if (value == null) {
        throw new IllegalStateException("INFO of Redis has no field " + name);
      }
      return Double.parseDouble(value);
    }

    Look less(Look other) {
      return new Look(requests - other.requests, commands - other.commands, bytes - other.bytes);
    }
  }
}
