package io.github.cacheinvalidation.benchmarks;

import io.github.cacheinvalidation.internal.channel.redis.connection.FeedKind;
import io.github.cacheinvalidation.internal.outbox.OutboxSettings;
import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * A thousand connections that subscribe as nodes do, and one real node that writes: all of them on
 * one channel, or each on a few of a hundred channels. The connections make no checks.
 */
final class SimulatedNodes {

  private static final int NODES = 1_000;

  private static final int CHANNELS = 100;

  /** How many channels a node follows beside the one that all nodes follow. */
  private static final int FOLLOWED = 3;

  private static final int WRITES = 500;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Server server;
  private final Options options;
  private final LongAdder heard = new LongAdder();

  SimulatedNodes(Server server, Options options) {
    this.server = server;
    this.options = options;
  }

  List<Row> measure() {
    Cost several = cost(CHANNELS);
    Cost one = cost(0);
    String figure = "channels " + CHANNELS + " to one, " + NODES + " nodes, ";
    return List.of(
        Row.ratio(figure + "redis cpu", "s/M writes", several.cpu, one.cpu, Target.none()),
        Row.ratio(
            figure + "messages of a node",
            "per write",
            several.messages,
            one.messages,
            Target.none()));
  }

  /** For each round, of one write. */
  private record Cost(double[] cpu, double[] messages) {}

  private Cost cost(int channels) {
    String own = OurFleet.PREFIX + UUID.randomUUID();
    Map<String, String> byCache = new LinkedHashMap<>();
    for (int i = 0; i < channels; i++) {
      byCache.put("cache-" + i, OurFleet.PREFIX + UUID.randomUUID());
    }
    List<String> others = List.copyOf(byCache.values());
    List<String> caches = new ArrayList<>(byCache.keySet());
    if (caches.isEmpty()) {
      caches.add(OurNode.CACHE);
    }
    RedisClient client = server.client();
    List<StatefulRedisPubSubConnection<byte[], byte[]>> nodes = new ArrayList<>();
    try (OurNode writer =
        new OurNode(
            "writer",
            OurNode.redis(server.connectionFactory(), own, FeedKind.PUBSUB, others),
            Fleet.SPEC,
            OutboxSettings.defaults(),
            caches,
            byCache)) {
      for (int i = 0; i < NODES; i++) {
        nodes.add(node(client, own, others, i));
      }
      return measured(writer, caches);
    } finally {
      nodes.forEach(StatefulRedisPubSubConnection::close);
    }
  }

  private StatefulRedisPubSubConnection<byte[], byte[]> node(
      RedisClient client, String own, List<String> others, int number) {
    StatefulRedisPubSubConnection<byte[], byte[]> node =
        client.connectPubSub(ByteArrayCodec.INSTANCE);
    node.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(byte[] channel, byte[] message) {
            heard.increment();
          }
        });
    List<byte[]> followed = new ArrayList<>(List.of(bytes(own)));
    for (int i = 0; i < FOLLOWED && !others.isEmpty(); i++) {
      followed.add(bytes(others.get((number * FOLLOWED + i) % others.size())));
    }
    node.sync().subscribe(followed.toArray(byte[][]::new));
    return node;
  }

  private static byte[] bytes(String channel) {
    return channel.getBytes(StandardCharsets.UTF_8);
  }

  private Cost measured(OurNode writer, List<String> caches) {
    Cost cost = new Cost(new double[options.rounds()], new double[options.rounds()]);
    Random random = new Random(7);
    for (int round = -1; round < options.rounds(); round++) {
      double before = server.cpuSeconds();
      long heardBefore = heard.sum();
      for (int i = 0; i < WRITES; i++) {
        String cache = caches.get(random.nextInt(caches.size()));
        writer.node().invalidator().evict(cache, (long) random.nextInt(1_000_000));
        awaitDrained(writer);
      }
      awaitSilence();
      writer.watch().requireValid();
      if (round >= 0) {
        cost.cpu[round] = (server.cpuSeconds() - before) * 1e6 / WRITES;
        cost.messages[round] = (double) (heard.sum() - heardBefore) / WRITES / NODES;
      }
    }
    return cost;
  }

  private static void awaitDrained(OurNode writer) {
    long begin = System.nanoTime();
    while (!writer.node().isDrained()) {
      LockSupport.parkNanos(50_000);
      if (System.nanoTime() - begin > PATIENCE_NANOS) {
        throw new VoidRunException("a write was not published");
      }
    }
  }

  /** Waits until no message has arrived for a while. */
  private void awaitSilence() {
    long last = -1;
    while (last != heard.sum()) {
      last = heard.sum();
      LockSupport.parkNanos(200_000_000);
    }
  }
}
