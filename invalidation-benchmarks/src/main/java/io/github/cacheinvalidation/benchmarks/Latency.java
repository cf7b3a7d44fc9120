package io.github.cacheinvalidation.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The time from a single write until it is applied on the other node: write, arrival, pause, next
 * write.
 */
final class Latency {

  private static final long PATIENCE_NANOS = 5_000_000_000L;

  private static final long QUIET_NANOS = 500_000;

  /** Both paths are compiled before they are measured, as in a node that has run for a while. */
  private static final int WARM_UPS = 4;

  private static final int WARM_UP_SAMPLES = 5000;

  /** A writer of a key, and the time at which the other node applied the key. */
  private record Path(Consumer<Object> fill, Consumer<Object> write, AtomicLong appliedNanos) {}

  private long nextKey = 1;

  /** Returns rows of the median and of the 99th percentile. The rounds of both paths alternate. */
  List<Row> measure(Server server, Options options) {
    byte[] channel = ("latency-" + UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
    try (OurFleet fleet = OurFleet.overRedis(server, 1);
        StatefulRedisPubSubConnection<byte[], byte[]> subscriber =
            server.client().connectPubSub(ByteArrayCodec.INSTANCE);
        var publisher = server.connection()) {
      Path ours = ours(fleet);
      Path raw = raw(subscriber, publisher.async(), channel);
      int samples = options.quick() ? 300 : 1500;
      for (int round = 0; round < (options.quick() ? 2 : WARM_UPS); round++) {
        round(ours, WARM_UP_SAMPLES, 0);
        round(raw, WARM_UP_SAMPLES, 0);
      }
      List<List<Samples>> all = List.of(new ArrayList<>(), new ArrayList<>());
      for (int round = 0; round < options.rounds(); round++) {
        all.get(0).add(round(ours, samples, QUIET_NANOS));
        all.get(1).add(round(raw, samples, QUIET_NANOS));
      }
      fleet.requireValid();
      return List.of(
          row("latency-p50 pubsub", all, 50, Target.atMost(1.25)),
          row("latency-p99 pubsub", all, 99, Target.atMost(1.5)));
    }
  }

  private static Path ours(OurFleet fleet) {
    AtomicLong applied = new AtomicLong();
    fleet.receiver().watch().onApplied(applied::set);
    return new Path(key -> fleet.fill(List.of(key)), fleet.writer().cache()::evict, applied);
  }

  private static Path raw(
      StatefulRedisPubSubConnection<byte[], byte[]> subscriber,
      RedisAsyncCommands<byte[], byte[]> publisher,
      byte[] channel) {
    AtomicLong applied = new AtomicLong();
    Cache<Object, Object> cache = Fleet.caffeine();
    subscriber.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(byte[] from, byte[] message) {
            cache.invalidate(Long.valueOf(new String(message, StandardCharsets.UTF_8)));
            applied.set(System.nanoTime());
          }
        });
    subscriber.sync().subscribe(channel);
    return new Path(
        key -> cache.put(key, Fleet.VALUE),
        key -> {
          var unused = publisher.publish(channel, key.toString().getBytes(StandardCharsets.UTF_8));
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
      while (applied == 0) {
        if (System.nanoTime() - begin > PATIENCE_NANOS) {
          throw new VoidRunException("a message did not arrive");
        }
        LockSupport.parkNanos(50_000);
        applied = path.appliedNanos().get();
      }
      micros[i] = (applied - begin) / 1e3;
    }
    return new Samples(micros);
  }

  private static Row row(String figure, List<List<Samples>> all, double percent, Target target) {
    return Row.ratio(figure, "us", of(all.get(0), percent), of(all.get(1), percent), target);
  }

  private static double[] of(List<Samples> rounds, double percent) {
    return rounds.stream().mapToDouble(samples -> samples.percentile(percent)).toArray();
  }
}
