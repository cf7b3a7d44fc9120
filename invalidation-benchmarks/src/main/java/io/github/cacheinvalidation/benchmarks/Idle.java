package io.github.cacheinvalidation.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** What nodes ask of Redis when nothing happens, one of them and many. */
final class Idle {

  /** Per second: calls of scripts, commands inside them, bytes both ways. */
  private record Cost(double calls, double inside, double bytes) {}

  List<Row> measure(Server server, Options options) throws InterruptedException {
    double seconds = options.quick() ? 6 : 10;
    Cost one = cost(server, 1, seconds);
    List<Row> rows = new ArrayList<>();
    rows.add(row("idle", "calls/s", one.calls, 1, one.calls, Target.atMost(1.2)));
    rows.add(row("idle inside", "commands/s", one.inside, Double.NaN, one.inside, Target.none()));
    rows.add(row("idle bytes", "B/s", one.bytes, Double.NaN, one.bytes, Target.none()));
    for (int nodes : new int[] {8, 64}) {
      Cost many = cost(server, nodes, seconds);
      String figure = "idle " + nodes + " nodes";
      rows.add(growth(figure, "calls/s", many.calls, nodes * one.calls));
      rows.add(growth(figure + " bytes", "B/s", many.bytes, nodes * one.bytes));
    }
    return rows;
  }

  private static Row growth(String figure, String unit, double many, double expected) {
    return row(figure, unit, many, expected, many / expected, Target.atMost(1.2));
  }

  private static Row row(
      String figure, String unit, double ours, double other, double judged, Target target) {
    return new Row(figure, unit, ours, other, judged, target, 0);
  }

  private static Cost cost(Server server, int count, double seconds) throws InterruptedException {
    String channel = "idle-" + UUID.randomUUID();
    List<OurNode> nodes = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        nodes.add(new OurNode("idle-" + i, OurNode.redis(server.connectionFactory(), channel)));
      }
      TimeUnit.MILLISECONDS.sleep(1500);
      Map<String, String> commandsBefore = server.info("commandstats");
      Map<String, String> statsBefore = server.info("stats");
      long begin = System.nanoTime();
      TimeUnit.MILLISECONDS.sleep((long) (seconds * 1000));
      Map<String, String> statsAfter = server.info("stats");
      Map<String, String> commandsAfter = server.info("commandstats");
      double elapsed = (System.nanoTime() - begin) / 1e9;
      nodes.forEach(node -> node.watch().requireValid());
      double calls = calls(commandsAfter, "evalsha") - calls(commandsBefore, "evalsha");
      double inside = 0;
      for (String command : List.of("xrevrange", "xadd", "expire", "publish")) {
        inside += calls(commandsAfter, command) - calls(commandsBefore, command);
      }
      inside += calls; // each asks INFO for the server's identity; our own INFO counts there too
      return new Cost(
          calls / elapsed,
          inside / elapsed,
          (bytes(statsAfter) - bytes(statsBefore) - ourOwnBytes(server)) / elapsed);
    } finally {
      nodes.forEach(OurNode::close);
    }
  }

  /** What one of our questions adds between two of them. */
  private static double ourOwnBytes(Server server) {
    double before = bytes(server.info("stats"));
    return bytes(server.info("stats")) - before;
  }

  private static double calls(Map<String, String> commands, String command) {
    String line = commands.get("cmdstat_" + command);
    if (line == null) {
      return 0;
    }
    int begin = line.indexOf("calls=") + 6;
    return Double.parseDouble(line.substring(begin, line.indexOf(',', begin)));
  }

  private static double bytes(Map<String, String> stats) {
    return Double.parseDouble(stats.getOrDefault("total_net_input_bytes", "0"))
        + Double.parseDouble(stats.getOrDefault("total_net_output_bytes", "0"));
  }
}
