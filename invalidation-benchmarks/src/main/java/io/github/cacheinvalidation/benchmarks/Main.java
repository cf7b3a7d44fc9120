package io.github.cacheinvalidation.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Runs all groups of figures and prints one table. Arguments: {@code quick}, {@code --check}, and
 * names of groups. Exits with an error if a group is void, or with {@code --check} if a target is
 * missed.
 */
public final class Main {

  /**
   * Rounds of one fleet differ by up to a half, so a target close to the result needs more rounds.
   */
  private static final int CLOSE_ROUNDS = 5;

  /** Measures the figures of a group. */
  private interface Group {
    List<Row> measure(Server server, Options options) throws Exception;
  }

  private static final Map<String, Group> GROUPS = new LinkedHashMap<>();

  static {
    GROUPS.put("jmh", (server, options) -> new JmhFigures().measure(options));
    GROUPS.put("throughput", Main::throughput);
    GROUPS.put("latency", (server, options) -> new Latency().measure(server, options));
    GROUPS.put("staleness", (server, options) -> new Staleness(server, options).measure());
    GROUPS.put("write-call", (server, options) -> new WriteCall().measure(server, options));
    GROUPS.put("entry-bytes", (server, options) -> EntryBytes.measure(options));
    GROUPS.put("cache-bytes", (server, options) -> CacheBytes.measure(options));
    GROUPS.put("idle", (server, options) -> new Idle().measure(server, options));
    GROUPS.put("clear", (server, options) -> new Clear().measure(options));
    GROUPS.put("startup", Startup::measure);
    GROUPS.put("prices", Prices::measure);
    GROUPS.put("scale", (server, options) -> new Scale().measure(server, options));
  }

  private Main() {}

  /** Entry point. */
  public static void main(String[] arguments) throws Exception {
    Options options;
    try {
      options = Options.of(arguments, GROUPS.keySet());
    } catch (IllegalArgumentException unknown) {
      System.err.println(unknown.getMessage());
      System.exit(2);
      return;
    }
    Path csv = options.module().resolve("target/summary.csv");
    Files.deleteIfExists(csv);
    Report report = new Report();
    for (Map.Entry<String, Group> group : GROUPS.entrySet()) {
      if (options.wants(group.getKey())) {
        long begin = System.nanoTime();
        try (Server server = Server.start()) {
          group.getValue().measure(server, options).forEach(report::add);
        } catch (VoidRunException spoiled) {
          System.err.println(group.getKey() + " is void: " + spoiled.getMessage());
          report.addVoid(group.getKey(), spoiled.getMessage());
        }
        report.write(csv);
        System.err.printf("%s: %.0f s%n", group.getKey(), (System.nanoTime() - begin) / 1e9);
      }
    }
    System.out.println();
    System.out.println(report.table());
    boolean failed = report.hasVoid() || (options.check() && !report.missed().isEmpty());
    System.exit(failed ? 1 : 0);
  }

  private static List<Row> throughput(Server server, Options options) {
    LongFunction<Object> keys = Long::valueOf;
    List<Row> rows = new java.util.ArrayList<>();
    for (int writers : new int[] {1, 8}) {
      Throughput throughput =
          new Throughput(Throughput.Order.NUMBERED, keys, writers, options.seconds(0.6));
      try (OurFleet ours = OurFleet.overRedis(server, 2);
          RawFleet raw = new RawFleet(server, 2, true);
          RedissonFleet redisson = new RedissonFleet(server, 2, false);
          JetCacheFleet jetCache = new JetCacheFleet(server, 2, false);
          BlockingFleet blocking = new BlockingFleet(server, 2)) {
        List<double[]> toRaw =
            throughput.measureSteadily(
                List.of(ours, raw),
                (options.quick() ? 3 : CLOSE_ROUNDS) * options.rounds(),
                options.rounds());
        rows.add(row(writers, raw, toRaw, 1, Target.atLeast(0.7)));
        List<Fleet> peers = List.of(ours, redisson, jetCache, blocking);
        List<double[]> toPeers = throughput.measure(peers, options.rounds());
        Target far = Target.atLeast(writers == 1 ? 100 : 20);
        for (int i = 1; i < peers.size(); i++) {
          rows.add(row(writers, peers.get(i), toPeers, i, far));
        }
        if (writers == 1 && !options.quick()) {
          rows.addAll(batched(server, options, throughput, ours));
        }
        // The limit of this machine: raw batches against the blocking publish.
        double[] limit = toRaw.get(1);
        double[] nearest = toPeers.get(peers.indexOf(blocking));
        String figure = "throughput-%d raw batches to %s".formatted(writers, blocking.name());
        rows.add(Row.ratio(figure, "keys/s", limit, nearest, Target.none()));
      }
    }
    if (!options.quick()) {
      rows.addAll(scattered(server, options, keys));
    }
    return rows;
  }

  /** Measures against peers whose writer has many keys at once and passes them in one call. */
  private static List<Row> batched(
      Server server, Options options, Throughput throughput, OurFleet ours) {
    try (RedissonFleet redisson = new RedissonFleet(server, 2, true);
        JetCacheFleet jetCache = new JetCacheFleet(server, 2, true)) {
      List<Fleet> fleets = List.of(ours, redisson, jetCache);
      List<double[]> rates = throughput.measure(fleets, options.rounds());
      return List.of(
          row(1, redisson, rates, 1, Target.none()), row(1, jetCache, rates, 2, Target.none()));
    }
  }

  /** Measures with keys whose neighbours in the order of writing are not neighbours in memory. */
  private static List<Row> scattered(Server server, Options options, LongFunction<Object> keys) {
    Throughput throughput =
        new Throughput(Throughput.Order.SCATTERED, keys, 1, options.seconds(0.6));
    try (OurFleet ours = OurFleet.overRedis(server, 2);
        RawFleet raw = new RawFleet(server, 2, true);
        RedissonFleet redisson = new RedissonFleet(server, 2, false);
        JetCacheFleet jetCache = new JetCacheFleet(server, 2, false);
        BlockingFleet blocking = new BlockingFleet(server, 2)) {
      List<Fleet> fleets = List.of(ours, raw, redisson, jetCache, blocking);
      List<double[]> rates = throughput.measure(fleets, options.rounds());
      List<Row> rows = new java.util.ArrayList<>();
      for (int i = 1; i < fleets.size(); i++) {
        String figure = "throughput-1 scattered " + fleets.get(i).name();
        rows.add(Row.ratio(figure, "keys/s", rates.get(0), rates.get(i), Target.none()));
      }
      return rows;
    }
  }

  private static Row row(int writers, Fleet other, List<double[]> rates, int of, Target target) {
    return Row.ratio(
        "throughput-%d %s".formatted(writers, other.name()),
        "keys/s",
        rates.get(0),
        rates.get(of),
        target);
  }
}
