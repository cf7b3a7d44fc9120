package io.github.cacheinvalidation.benchmarks;

import io.github.cacheinvalidation.internal.channel.redis.connection.RedisChannelSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What each transport costs Redis: processor time of a busy writer and of single writes, the
 * messages that wait in output buffers, the log, and the connections of an idle node. Each but the
 * last beside raw batches over the same commands.
 */
final class TransportCost {

  /** Both sides of a round with a busy writer invalidate so many keys. */
  private static final int KEYS = 200_000;

  /** With one round to warm up, more messages than the log keeps. */
  private static final int SINGLE_WRITES = 2_500;

  private static final int RECEIVERS = 2;

  private static final int NODES = 8;

  private static final int WARM_UPS = 2;

  private static final double KIB = 1024;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Server server;
  private final Options options;
  private final Throughput throughput =
      new Throughput(Throughput.Order.NUMBERED, Long::valueOf, 1, 0);
  private long nextKey = 1;

  TransportCost(Server server, Options options) {
    this.server = server;
    this.options = options;
  }

  /** Measures one quantity of one round of a fleet. */
  private interface Round {
    double of(Fleet fleet) throws InterruptedException;
  }

  List<Row> measure() throws InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (Transport transport : Transport.OVER_LETTUCE) {
      rows.addAll(measure(transport));
    }
    return rows;
  }

  private List<Row> measure(Transport transport) throws InterruptedException {
    server.flush();
    String label = transport.label();
    List<Row> rows = new ArrayList<>();
    try (OurFleet ours = transport.ours(server, RECEIVERS);
        RawFleet raw = new RawFleet(transport.raw(server), RECEIVERS, true)) {
      List<Fleet> fleets = List.of(ours, raw);
      List<double[]> busy = rounds(fleets, WARM_UPS, this::cpuOfBusyWriter);
      rows.add(ratio("redis cpu " + label, "s/M keys", busy));
      List<double[]> buffers = rounds(fleets, 0, this::longestBuffers);
      rows.add(alone("redis buffers " + label, "KiB", buffers));
      List<double[]> single = rounds(fleets, 1, this::cpuOfSingleWrites);
      rows.add(ratio("redis cpu single writes " + label, "s/M keys", single));
      rows.add(
          alone("redis log " + label, "KiB", List.of(log(OurFleet.PREFIX), log(RawWire.PREFIX))));
    }
    rows.addAll(idleNodes(transport));
    return rows;
  }

  private List<double[]> rounds(List<Fleet> fleets, int warmUps, Round round)
      throws InterruptedException {
    List<double[]> values = new ArrayList<>();
    fleets.forEach(fleet -> values.add(new double[options.rounds()]));
    for (int i = -warmUps; i < options.rounds(); i++) {
      for (int side = 0; side < fleets.size(); side++) {
        double value = round.of(fleets.get(side));
        if (i >= 0) {
          values.get(side)[i] = value;
        }
      }
    }
    return values;
  }

  private static Row ratio(String figure, String unit, List<double[]> values) {
    return Row.ratio(figure, unit, values.get(0), values.get(1), Target.none());
  }

  private static Row alone(String figure, String unit, List<double[]> values) {
    return Row.alone(figure, unit, values.get(0), values.get(1), Target.none());
  }

  private double cpuOfBusyWriter(Fleet fleet) {
    double before = server.cpuSeconds();
    throughput.round(fleet, KEYS);
    return (server.cpuSeconds() - before) * 1e6 / KEYS;
  }

  /** Each write begins when all receivers have applied the one before it. */
  private double cpuOfSingleWrites(Fleet fleet) {
    double before = server.cpuSeconds();
    for (int i = 0; i < SINGLE_WRITES; i++) {
      List<Object> key = List.of(nextKey++);
      fleet.fill(key);
      fleet.invalidate(key);
      long begin = System.nanoTime();
      while (fleet.held().anyMatch(entries -> entries > 0)) {
        LockSupport.parkNanos(20_000);
        if (System.nanoTime() - begin > PATIENCE_NANOS) {
          throw new KeysStayException(fleet.name() + " has not removed a key on the receivers");
        }
      }
    }
    double seconds = server.cpuSeconds() - before;
    fleet.requireValid();
    return seconds * 1e6 / SINGLE_WRITES;
  }

  /**
   * Returns the most bytes that waited in output buffers at one time, of all connections, without
   * the first 16 KiB of each, which Redis always has.
   */
  private double longestBuffers(Fleet fleet) throws InterruptedException {
    try (Peak peak = new Peak(() -> server.clients().sum("omem"))) {
      throughput.round(fleet, KEYS);
      return peak.end() / KIB;
    }
  }

  private double[] log(String prefix) {
    return new double[] {server.memoryOfKeysWith(prefix) / KIB};
  }

  private List<Row> idleNodes(Transport transport) throws InterruptedException {
    String channel = OurFleet.PREFIX + UUID.randomUUID();
    String clients = RedisChannelSettings.CLIENT_PREFIX + OurNode.NODE_NAME;
    List<OurNode> nodes = new ArrayList<>();
    try {
      for (int i = 0; i < NODES; i++) {
        nodes.add(transport.node(server, "idle-" + i, channel));
      }
      double[] connections = new double[options.rounds()];
      double[] memory = new double[options.rounds()];
      for (int i = 0; i < options.rounds(); i++) {
        TimeUnit.MILLISECONDS.sleep(500);
        ClientList own = server.clients().named(clients);
        connections[i] = (double) own.size() / NODES;
        memory[i] = own.sum("tot-mem") / KIB / NODES;
      }
      nodes.forEach(node -> node.watch().requireValid());
      String of = " of a node " + transport.label();
      return List.of(
          alone("redis connections" + of, "", List.of(connections, connections)),
          alone("redis connection memory" + of, "KiB", List.of(memory, memory)));
    } finally {
      nodes.forEach(OurNode::close);
    }
  }
}
