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
    List<Row> rows = new ArrayList<>();
    rows.addAll(rows("idle", server, Transport.PUBSUB, Target.atMost(1.2), options, millis));
    rows.addAll(rows("idle stream", server, Transport.STREAM, Target.none(), options, millis));
    return rows;
  }

  private static List<Row> rows(
      String figure, Server server, Transport transport, Target calls, Options options, long millis)
      throws InterruptedException {
    Cost one = cost(server, transport, 1, options.rounds(), millis);
    List<Row> rows = new ArrayList<>();
    rows.add(alone(figure, "calls/s", one.calls, calls));
    rows.add(alone(figure + " inside", "commands/s", one.inside, Target.none()));
    rows.add(alone(figure + " bytes", "B/s", one.bytes, Target.none()));
    for (int nodes : new int[] {8, 64}) {
      Cost many = cost(server, transport, nodes, options.rounds(), millis);
      String of = figure + " " + nodes + " nodes";
      rows.add(growth(of, "calls/s", many.calls, one.calls, nodes));
      rows.add(growth(of + " bytes", "B/s", many.bytes, one.bytes, nodes));
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

  private static Cost cost(Server server, Transport transport, int count, int windows, long millis)
      throws InterruptedException {
    String channel = "idle-" + UUID.randomUUID();
    List<OurNode> nodes = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        nodes.add(transport.node(server, "idle-" + i, channel));
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
          Server.number(stats, "total_reads_processed"),
          Server.number(stats, "total_commands_processed"),
          Server.number(stats, "total_net_input_bytes")
              + Server.number(stats, "total_net_output_bytes"));
    }

    Look less(Look other) {
      return new Look(requests - other.requests, commands - other.commands, bytes - other.bytes);
    }
  }
}
