package io.github.cacheinvalidation.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** The fleets whose keys a second are compared. */
final class ThroughputRows {

  /**
   * Rounds of one fleet differ by up to a half, so a target close to the result needs more rounds.
   */
  private static final int CLOSE_ROUNDS = 5;

  private static final int TRANSPORT_ROUNDS = 3;

  private ThroughputRows() {}

  static List<Row> measure(Server server, Options options) {
    LongFunction<Object> keys = Long::valueOf;
    List<Row> rows = new ArrayList<>();
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
    rows.addAll(overTransports(server, options, keys));
    if (!options.quick()) {
      rows.addAll(scattered(server, options, keys));
    }
    return rows;
  }

  /** Measures the other transports against raw batches over the same commands of Redis. */
  private static List<Row> overTransports(
      Server server, Options options, LongFunction<Object> keys) {
    Throughput throughput =
        new Throughput(Throughput.Order.NUMBERED, keys, 1, options.seconds(0.6));
    List<Row> rows = new ArrayList<>();
    for (Transport transport : List.of(Transport.STREAM, Transport.SHARDED_PUBSUB)) {
      Target target = transportTarget(transport);
      try (OurFleet ours = transport.ours(server, 2);
          RawFleet raw = new RawFleet(transport.raw(server), 2, true)) {
        int rounds = (target.equals(Target.none()) ? 1 : TRANSPORT_ROUNDS) * options.rounds();
        List<double[]> rates = throughput.measure(List.of(ours, raw), rounds);
        String figure = "throughput-1 %s %s".formatted(transport.label(), raw.name());
        rows.add(Row.ratio(figure, "keys/s", rates.get(0), rates.get(1), target));
      }
    }
    return rows;
  }

  static Target transportTarget(Transport transport) {
    return transport == Transport.STREAM ? Target.atLeast(0.7) : Target.none();
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
      List<Row> rows = new ArrayList<>();
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
