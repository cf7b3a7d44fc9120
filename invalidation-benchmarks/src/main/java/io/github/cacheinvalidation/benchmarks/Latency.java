package io.github.cacheinvalidation.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The time from a single write until it is applied on the other node: write, arrival, pause, next
 * write. The rounds of all transports, and of the same by hand, alternate.
 */
final class Latency {

  private static final long PATIENCE_NANOS = 5_000_000_000L;

  private static final long QUIET_NANOS = 500_000;

  /** Both paths are compiled before they are measured, as in a node that has run for a while. */
  private static final int WARM_UPS = 4;

  private static final int WARM_UP_SAMPLES = 5000;

  /** A writer of a key, and the time at which the other node applied the key. */
  private record Path(
      String name, Consumer<Object> fill, Consumer<Object> write, AtomicLong appliedNanos) {}

  /** A transport, the same by hand, and the rounds of both. */
  private static final class Pair implements AutoCloseable {

    private final Transport transport;
    private final OurFleet fleet;
    private final RawWire wire;
    private final Path ours;
    private final Path raw;
    private final List<Samples> ourRounds = new ArrayList<>();
    private final List<Samples> rawRounds = new ArrayList<>();

    Pair(Transport transport, Server server) {
      this.transport = transport;
      this.fleet = transport.ours(server, 1);
      this.wire = transport.raw(server);
      this.ours = Latency.ours(transport.label(), fleet);
      this.raw = Latency.raw(transport.label(), wire);
    }

    List<Row> rows() {
      fleet.requireValid();
      wire.requireValid();
      return List.of(
          row("latency-p50 ", 50, p50(transport)), row("latency-p99 ", 99, p99(transport)));
    }

    private Row row(String figure, double percent, Target target) {
      return Row.ratio(
          figure + transport.label(), "us", of(ourRounds, percent), of(rawRounds, percent), target);
    }

    @Override
    public void close() {
      fleet.close();
      wire.close();
    }
  }

  private long nextKey = 1;

  /** Returns rows of the median and of the 99th percentile of each transport. */
  List<Row> measure(Server server, Options options) {
    List<Pair> pairs = new ArrayList<>();
    try {
      for (Transport transport : Transport.values()) {
        pairs.add(new Pair(transport, server));
      }
      for (int round = 0; round < (options.quick() ? 2 : WARM_UPS); round++) {
        for (Pair pair : pairs) {
          round(pair.ours, WARM_UP_SAMPLES, 0);
          round(pair.raw, WARM_UP_SAMPLES, 0);
        }
      }
      int samples = options.quick() ? 300 : 1500;
      for (int round = 0; round < options.rounds(); round++) {
        for (Pair pair : pairs) {
          pair.ourRounds.add(round(pair.ours, samples, QUIET_NANOS));
          pair.rawRounds.add(round(pair.raw, samples, QUIET_NANOS));
        }
      }
      return pairs.stream().flatMap(pair -> pair.rows().stream()).toList();
    } finally {
      pairs.forEach(Pair::close);
    }
  }

  static Target p50(Transport transport) {
    return switch (transport) {
      case PUBSUB -> Target.atMost(1.25);
      case STREAM -> Target.atMost(1.5);
      case SHARDED_PUBSUB, JEDIS -> Target.none();
    };
  }

  static Target p99(Transport transport) {
    return transport == Transport.PUBSUB ? Target.atMost(1.5) : Target.none();
  }

  private static Path ours(String name, OurFleet fleet) {
    AtomicLong applied = new AtomicLong();
    fleet.receiver().watch().onApplied(applied::set);
    return new Path(
        "our " + name, key -> fleet.fill(List.of(key)), fleet.writer().cache()::evict, applied);
  }

  private static Path raw(String name, RawWire wire) {
    AtomicLong applied = new AtomicLong();
    Cache<Object, Object> cache = Fleet.caffeine();
    wire.receive(
        body -> {
          cache.invalidate(Long.valueOf(new String(body, StandardCharsets.UTF_8)));
          applied.set(System.nanoTime());
        });
    return new Path(
        "raw " + name,
        key -> cache.put(key, Fleet.VALUE),
        key -> {
          var unused = wire.send(key.toString().getBytes(StandardCharsets.UTF_8));
        },
        applied);
  }

  private Samples round(Path path, int samples, long quietNanos) {
    double[] micros = new double[samples];
    for (int i = 0; i < samples; i++) {
      Object key = nextKey++;
      path.fill().accept(key);
      path.appliedNanos().set(0);
      LockSupport.parkNanos(quietNanos);
      long begin = System.nanoTime();
      path.write().accept(key);
      long applied = path.appliedNanos().get();
      while (applied == 0 || applied - begin < 0) { // the second message of the last key is late
        if (System.nanoTime() - begin > PATIENCE_NANOS) {
          throw new VoidRunException("a message of " + path.name() + " did not arrive");
        }
        LockSupport.parkNanos(50_000);
        applied = path.appliedNanos().get();
      }
      micros[i] = (applied - begin) / 1e3;
    }
    return new Samples(micros);
  }

  private static double[] of(List<Samples> rounds, double percent) {
    return rounds.stream().mapToDouble(samples -> samples.percentile(percent)).toArray();
  }
}
