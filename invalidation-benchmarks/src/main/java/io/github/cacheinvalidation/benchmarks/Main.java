package io.github.cacheinvalidation.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs all groups of figures and prints one table. Arguments: {@code quick}, {@code --check}, and
 * names of groups. Exits with an error if a group is void, or with {@code --check} if a target is
 * missed.
 */
public final class Main {

  /** Measures the figures of a group. */
  private interface Group {
    List<Row> measure(Server server, Options options) throws Exception;
  }

  private static final Map<String, Group> GROUPS = new LinkedHashMap<>();

  static {
    GROUPS.put("jmh", (server, options) -> new JmhFigures().measure(options));
    GROUPS.put("throughput", ThroughputRows::measure);
    GROUPS.put("latency", (server, options) -> new Latency().measure(server, options));
    GROUPS.put("staleness", (server, options) -> new Staleness(server, options).measure());
    GROUPS.put("write-call", (server, options) -> new WriteCall().measure(server, options));
    GROUPS.put("entry-bytes", (server, options) -> EntryBytes.measure(options));
    GROUPS.put("cache-bytes", (server, options) -> CacheBytes.measure(options));
    GROUPS.put("idle", (server, options) -> new Idle().measure(server, options));
    GROUPS.put("transports", (server, options) -> new TransportCost(server, options).measure());
    GROUPS.put("channels", (server, options) -> new Channels(server, options).measure());
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
}
